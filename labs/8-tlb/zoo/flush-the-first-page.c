/*
 * Misconception: One INVLPG is one flush. It forgets one page; a list of pages needs one for each.
 *
 * Fails: rights-sixteen, apart, stacks, split-keeps, jitter-apart
 * Perhaps: frames-return, shared-one
 */
static void flush(const struct tlb_gather *gather)
{
    if (!gather->in_kernel_half && mmu_root().v != gather->pt->root.v)
        return;
    if (gather->page_count > TLB_GATHER_PAGES) {
        KASSERT(!gather->in_kernel_half); /* a CR3 load keeps global pages */
        mmu_load_root(gather->pt->root);
        return;
    }
    if (gather->page_count > 0)
        mmu_flush_page(gather->page[0]);
}
