/*
 * Misconception: Pages are for data unless marked as code. On x86 it is the other way round: what
 * has no NX can be executed.
 *
 * Fails: pages-mapped, writable-page, read-only-page, attempts
 */
pte_t as_leaf(unsigned vma_flags, paddr_t frame, enum pt_level level, bool exclusive)
{
    uint64_t bits = level == PT ? 0 : PTE_PS;

    if (vma_flags & VMA_SHARED)
        bits |= PTE_SHARED;
    if (!(vma_flags & VMA_READ))
        return pte_make(frame, bits | PTE_KEPT);
    bits |= PTE_P | PTE_U;
    if (vma_flags & VMA_WRITE)
        bits |= exclusive || (vma_flags & VMA_SHARED) ? PTE_W : PTE_COW;
    return pte_make(frame, bits);
}
