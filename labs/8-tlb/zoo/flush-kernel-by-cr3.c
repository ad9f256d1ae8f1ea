/*
 * Misconception: Loading CR3 forgets everything. Not what is global, and all of the kernel half
 * is.
 *
 * Fails: no-stale-use, no-missing-flush, flush-then-free, stacks
 * Perhaps: frames-return, shared-one, large-returns, split-rights, cut-two, cut-hidden,
 * cut-shared, jitter-apart, jitter-flush
 */
static void flush(const struct tlb_gather *gather)
{
    if (!gather->in_kernel_half && mmu_root().v != gather->pt->root.v)
        return;
    if (gather->page_count > 0)
        mmu_load_root(mmu_root());
}
