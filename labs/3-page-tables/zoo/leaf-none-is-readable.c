/*
 * Misconception: A page with the fewest rights is a read-only one. x86 has no bit for reading:
 * what is present can be read. A page without rights must not be present.
 *
 * Fails: kept-page, hidden-page
 */
pte_t as_leaf(unsigned vma_flags, paddr_t frame, enum pt_level level, bool exclusive)
{
    uint64_t bits = (level == PT ? 0 : PTE_PS) | PTE_P | PTE_U;

    if (vma_flags & VMA_SHARED)
        bits |= PTE_SHARED;
    if (!(vma_flags & VMA_EXEC))
        bits |= PTE_NX;
    if (vma_flags & VMA_WRITE)
        bits |= exclusive || (vma_flags & VMA_SHARED) ? PTE_W : PTE_COW;
    return pte_make(frame, bits);
}
