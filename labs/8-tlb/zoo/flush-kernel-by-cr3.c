/*
 * Misconception: Loading CR3 forgets everything. Not what is global, and all of the kernel half
 * is.
 *
 * Fails: no-stale-use, no-missing-flush, flush-then-free, frames-return, stacks, shared-one,
 * jitter-apart
 */
static void flush(const struct tlb_gather *gather)
{
    if (!gather->in_kernel_half && mmu_root().v != gather->pt->root.v)
        return;
    if (gather->page_count > 0)
        mmu_load_root(mmu_root());
}
