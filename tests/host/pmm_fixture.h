/* A machine with nothing but RAM and the pmm. */
#pragma once

#include "boot/boot_info.h"
#include "check.h"
#include "pmm/pmm.h"
#include "sim.h"

static inline void pmm_fixture(const struct sim_ram *ram)
{
    struct boot_info info;

    sim_mmu_reset();
    sim_ram_init(ram);
    sim_boot_info(ram, &info);
    CHECK_OK(pmm_init(&info, UINT64_MAX));
}
