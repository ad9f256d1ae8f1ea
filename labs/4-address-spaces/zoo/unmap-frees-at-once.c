/*
 * Misconception: A frame is free when its entry is cleared. It is free when the CPU has forgotten
 * the entry: until then its next owner shares it.
 *
 * Fails: unmap-order
 */
static bool drop_leaf(struct pt_visitor *self, pte_t *entry, vaddr_t va, enum pt_level level)
{
    pte_t leaf = *entry;

    pte_store(entry, (pte_t){ 0 });
    if (pte_present(leaf))
        tlb_gather_page(self->prune, va);
    if (level == PT)
        frame_put(pte_addr(leaf));
    else
        frame_put_block(pte_addr(leaf), pt_leaf_order(level));
    return true;
}
