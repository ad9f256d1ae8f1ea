/*
 * Misconception: What does not fit into the list is not worth a flush. The seventeenth page is as
 * reachable as the first.
 *
 * Fails: rights-seventeen, unmap-seventeen, rights-sixty, unmap-sixty, apart, jitter-apart
 * Perhaps: frames-return, shared-one
 */
static void flush(const struct tlb_gather *gather)
{
    if (!gather->in_kernel_half && mmu_root().v != gather->pt->root.v)
        return;
    for (unsigned i = 0; i < gather->page_count && i < TLB_GATHER_PAGES; i++)
        mmu_flush_page(gather->page[i]);
}
