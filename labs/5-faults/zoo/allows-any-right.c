/*
 * Misconception: A region with any rights may be used. Each access needs its own right: a write to
 * read-only memory, seemingly allowed, faults again and again.
 *
 * Fails: read-only, no-execute, no-rights, kernel-memory, others-go-on, no-endless-fault,
 * pointer-read-only, pointer-last, pointer-kernel, pointer-none, answers
 */
static bool vma_allows(unsigned flags, unsigned access)
{
    (void)access;
    return flags & (VMA_READ | VMA_WRITE | VMA_EXEC);
}
