/*
 * Misconception: Loading CR3 flushes everything, and the scheduler does it all the time. Not while
 * the same program goes on: a few pages stay remembered.
 *
 * Fails: rights-one, unmap-one, apart, frames-return, stacks, split-keeps, jitter-apart
 * Perhaps: shared-one
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
}
