/* What mmap and its relatives share. */
#pragma once

#include "lib/err.h"
#include "lib/types.h"

/* Where mmap looks for room first, upwards: far above any heap. */
#define MMAP_BASE UINT64_C(0x700000000000)

/* The rights of a VMA from PROT_READ and so on. */
unsigned mapping_rights(uint64_t prot);

/* Unmap whole pages of the current process; parts that programs never get are empty. */
err_t mapping_remove(vaddr_t addr, uint64_t len);
