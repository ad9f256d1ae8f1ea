/*
 * Misconception: A read can do no harm. A region without rights is there to be missed by nobody:
 * its pages must not even be read.
 *
 * Fails: no-rights, kernel-memory, others-go-on, no-endless-fault, pointer-bad,
 * pointer-read-only, pointer-last, pointer-kernel, pointer-none, jitter-pointers
 */
static bool vma_allows(unsigned flags, unsigned access)
{
    if (!(access & (AS_WRITE | AS_EXEC)))
        return true;
    return flags & (access & AS_WRITE ? VMA_WRITE : VMA_EXEC);
}
