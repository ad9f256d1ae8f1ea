/* What mmap and its relatives share. */
#pragma once

#include "lib/err.h"
#include "lib/types.h"
#include "vm/address_space.h"

/* Where mmap looks for room first, upwards: far above any heap. */
#define MMAP_BASE UINT64_C(0x700000000000)

/* The rights of a VMA from PROT_READ and so on. */
unsigned mapping_rights(uint64_t prot);

/* Unmap whole pages of the current process; parts that programs never get are empty. */
err_t mapping_remove(vaddr_t addr, uint64_t len);

/* Bytes that a VMA covers. */
static inline uint64_t vma_len(const struct vma *vma)
{
    return vma->page_count * (vma->page_size == VMA_PAGE_2M ? HUGE_SIZE : PAGE_SIZE);
}
