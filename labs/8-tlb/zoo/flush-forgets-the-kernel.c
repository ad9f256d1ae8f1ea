/*
 * Misconception: Only the loaded tables matter. The kernel half is part of all of them: a stack
 * that was freed is still remembered, whoever runs.
 *
 * Fails: stacks
 * Perhaps: jitter-flush
 */
static void flush(const struct tlb_gather *gather)
{
    if (mmu_root().v != gather->pt->root.v)
        return;
    if (gather->page_count > TLB_GATHER_PAGES) {
        KASSERT(!gather->in_kernel_half); /* a CR3 load keeps global pages */
        mmu_load_root(gather->pt->root);
        return;
    }
    for (unsigned i = 0; i < gather->page_count; i++)
        mmu_flush_page(gather->page[i]);
}
