/*
 * The memory-management unit of the simulated machine: the same functions as
 * src/arch/mmu.h, found first by the compiler's include path.
 */
#pragma once

#include "arch/cpu.h"
#include "arch/layout.h"
#include "arch/paging.h"
#include "sim.h"

static inline void *phys_to_virt(paddr_t pa)
{
    return sim_phys_to_virt(pa);
}

static inline paddr_t virt_to_phys(const void *p)
{
    return sim_virt_to_phys(p);
}

static inline paddr_t mmu_root(void)
{
    return sim_root();
}

static inline void mmu_load_root(paddr_t root)
{
    sim_load_root(root);
}

static inline void mmu_flush_page(uint64_t va)
{
    sim_flush_page(va);
}
