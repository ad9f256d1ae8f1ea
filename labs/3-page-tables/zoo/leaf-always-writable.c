/*
 * Misconception: A writable mapping has writable leaves. A frame that two processes share must be
 * writable in neither, or one sees what the other writes.
 *
 * Fails: fork-isolates
 */
pte_t as_leaf(unsigned vma_flags, paddr_t frame, enum pt_level level, bool exclusive)
{
    uint64_t bits = level == PT ? 0 : PTE_PS;

    (void)exclusive;
    if (vma_flags & VMA_SHARED)
        bits |= PTE_SHARED;
    if (!(vma_flags & VMA_READ))
        return pte_make(frame, bits | PTE_KEPT);
    bits |= PTE_P | PTE_U;
    if (!(vma_flags & VMA_EXEC))
        bits |= PTE_NX;
    if (vma_flags & VMA_WRITE)
        bits |= PTE_W;
    return pte_make(frame, bits);
}
