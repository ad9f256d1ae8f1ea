/*
 * Misconception: An entry that is zero is gone. The CPU has a copy of it and goes on using it
 * until it is told, while the frame already belongs to somebody else.
 *
 * Fails: unmap-at-once, unmap-order, churn-flushes
 */
static bool drop_leaf(struct pt_visitor *self, pte_t *entry, vaddr_t va, enum pt_level level)
{
    pte_t leaf = *entry;

    (void)va;
    pte_store(entry, (pte_t){ 0 });
    tlb_gather_leaf(self->prune, leaf, level);
    return true;
}
