/*
 * Misconception: Reading and executing are one right, as on old processors. Data that a program
 * can only read or write now counts as code: the fault is answered, and comes again.
 *
 * Fails: no-execute, no-rights, kernel-memory, others-go-on, no-endless-fault, answers
 */
static bool vma_allows(unsigned flags, unsigned access)
{
    return flags & (access & AS_WRITE ? VMA_WRITE : VMA_READ);
}
