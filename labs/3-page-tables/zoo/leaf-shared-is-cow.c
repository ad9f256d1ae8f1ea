/*
 * Misconception: After fork everything is copied when it is written. Shared memory is the
 * exception: its whole point is that the other side sees the write.
 *
 * Fails: shared-memory
 */
pte_t as_leaf(unsigned vma_flags, paddr_t frame, enum pt_level level, bool exclusive)
{
    uint64_t bits = level == PT ? 0 : PTE_PS;

    if (!(vma_flags & VMA_READ))
        return pte_make(frame, bits | PTE_KEPT);
    bits |= PTE_P | PTE_U;
    if (!(vma_flags & VMA_EXEC))
        bits |= PTE_NX;
    if (vma_flags & VMA_WRITE)
        bits |= exclusive ? PTE_W : PTE_COW;
    return pte_make(frame, bits);
}
