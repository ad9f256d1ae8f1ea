/*
 * Misconception: A region with any rights may be used. Each access needs its own right: a write to
 * read-only memory, seemingly allowed, faults again and again.
 *
 * Fails: todo
 */
static bool vma_allows(unsigned flags, unsigned access)
{
    (void)access;
    return flags & (VMA_READ | VMA_WRITE | VMA_EXEC);
}
