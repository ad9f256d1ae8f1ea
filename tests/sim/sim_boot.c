/*
 * Powers the simulated machine on: what the loader and the trampoline leave
 * behind, then the kernel's own first steps up to its tables. The image is
 * 1 MiB at KERNEL_PHYS; its last frame is the trampoline's PML4.
 */
#include "arch/mmu.h"
#include "boot/boot_info.h"
#include "pmm/pmm.h"
#include "sim.h"
#include "vm/address_space.h"
#include "vm/kernel_map.h"

#include <stdio.h>
#include <string.h>

enum { BOOT_PML4 = 0x1ff000 };

static struct address_space *kernel_as;

void sim_boot_info(const struct sim_ram *ram, struct boot_info *info)
{
    uint64_t at = 0;

    memset(info, 0, sizeof(*info));
    snprintf(info->loader, sizeof(info->loader), "simulation");
    for (unsigned i = 0; i <= ram->hole_count; i++) {
        uint64_t end = i < ram->hole_count ? ram->hole[i].base : ram->size;

        if (end > at)
            info->region[info->region_count++] = (struct boot_region){ at, end - at, BOOT_RAM };
        if (i < ram->hole_count)
            at = end + ram->hole[i].len;
    }
    info->reserved[info->reserved_count++] = (struct boot_module){ KERNEL_PHYS, 0x100000 };
}

void sim_boot(const struct sim_ram *ram)
{
    struct boot_info info;

    sim_mmu_reset();
    sim_ram_init(ram);
    sim_boot_info(ram, &info);
    sim_load_root(PADDR(BOOT_PML4));
    if (pmm_init(&info, ram->size / 2) != ERR_OK)
        sim_die("pmm_init failed");
    if (kernel_map_init(&info) != ERR_OK)
        sim_die("kernel_map_init failed");
    pmm_init_high(&info, ram->size / 2);
    if (as_new_kernel(&kernel_as) != ERR_OK)
        sim_die("as_new_kernel failed");
}

struct address_space *sim_kernel_as(void)
{
    return kernel_as;
}
