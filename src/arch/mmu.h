/*
 * The memory-management unit: the only door from the memory layers to the
 * hardware. The host tests put a simulated RAM and TLB behind the same
 * functions (tests/sim/arch/mmu.h), and everything above is the same source.
 */
#pragma once

#include "arch/cpu.h"
#include "arch/layout.h"
#include "arch/paging.h"

/* The kernel's view of physical memory: the direct map. */
static inline void *phys_to_virt(paddr_t pa)
{
    return (void *)(DIRECT_MAP_BASE + pa.v);
}

/* Only for pointers into the direct map. */
static inline paddr_t virt_to_phys(const void *p)
{
    return PADDR((uint64_t)p - DIRECT_MAP_BASE);
}

/* The PML4 that CR3 points to. */
static inline paddr_t mmu_root(void)
{
    return PADDR(cpu_read_cr3() & PTE_ADDR);
}

/* Load CR3; every non-global translation is forgotten (SDM vol. 3A, "Invalidation of TLBs"). */
static inline void mmu_load_root(paddr_t root)
{
    cpu_write_cr3(root.v);
}

/*
 * Forget the translation of one page, of whatever size, and all cached
 * intermediate entries (INVLPG). The loaded address space only.
 */
static inline void mmu_flush_page(uint64_t va)
{
    cpu_invlpg(va);
}
