/*
 * Misconception: Clearing the entry gives the frame back. Nobody looks for frames without entries:
 * each must be given up by whoever removes the last reference.
 *
 * Fails: unmap-frees
 */
static bool drop_leaf(struct pt_visitor *self, pte_t *entry, vaddr_t va, enum pt_level level)
{
    pte_t leaf = *entry;

    pte_store(entry, (pte_t){ 0 });
    if (pte_present(leaf))
        tlb_gather_page(self->prune, va);
    (void)level;
    return true;
}
