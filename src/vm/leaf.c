/* From the rights of a VMA to the bits of a leaf: the one place that decides. */
#include "vm/space.h"

pte_t as_leaf(unsigned vma_flags, paddr_t frame, enum pt_level level, bool exclusive)
{
    uint64_t bits = level == PT ? 0 : PTE_PS;

    if (vma_flags & VMA_SHARED)
        bits |= PTE_SHARED;
    if (!(vma_flags & VMA_READ))
        return pte_make(frame, bits | PTE_KEPT);
    bits |= PTE_P | PTE_U;
    if (!(vma_flags & VMA_EXEC))
        bits |= PTE_NX;
    if (vma_flags & VMA_WRITE)
        bits |= exclusive || (vma_flags & VMA_SHARED) ? PTE_W : PTE_COW;
    return pte_make(frame, bits);
}
