/*
 * Misconception: A flush is for spaces that are not loaded, since the loaded one sees its own
 * changes. It is the other way round: loading a space forgets what was known of it.
 *
 * Fails: rights-one, unmap-one, apart, frames-return, split-keeps, jitter-apart
 * Perhaps: shared-one
 */
static void flush(const struct tlb_gather *gather)
{
    if (!gather->in_kernel_half && mmu_root().v == gather->pt->root.v)
        return;
    if (gather->page_count > TLB_GATHER_PAGES) {
        KASSERT(!gather->in_kernel_half); /* a CR3 load keeps global pages */
        mmu_load_root(gather->pt->root);
        return;
    }
    for (unsigned i = 0; i < gather->page_count; i++)
        mmu_flush_page(gather->page[i]);
}
