/*
 * Powers the simulated machine on: what the loader, the trampoline and
 * kernel_map_init would leave behind. The kernel's tables lie in the frames
 * reserved for the image:
 *
 *     0x1ff000  PML4: slots 256..511 filled, as the kernel promises
 *     0x1fe000  an empty PDPT, in all slots but the first
 *     0x1fd000  PDPT of slot 256: [0] a PD, [1] a 1 GiB page
 *     0x1fc000  its PD: 2 MiB pages, the direct map of the first GiB
 */
#include "arch/mmu.h"
#include "boot/boot_info.h"
#include "pmm/pmm.h"
#include "sim.h"
#include "vm/address_space.h"

#include <stdio.h>
#include <string.h>

enum { BOOT_PML4 = 0x1ff000, BOOT_EMPTY = 0x1fe000, BOOT_PDPT = 0x1fd000, BOOT_PD = 0x1fc000 };

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

static pte_t *boot_table(uint64_t pa)
{
    return memset(sim_phys_to_virt(PADDR(pa)), 0, PAGE_SIZE);
}

static void build_kernel_tables(void)
{
    pte_t *pml4 = boot_table(BOOT_PML4), *pdpt = boot_table(BOOT_PDPT), *pd = boot_table(BOOT_PD);

    boot_table(BOOT_EMPTY);
    for (unsigned i = PML4_KERNEL; i < PT_ENTRIES; i++)
        pml4[i] = pte_make(PADDR(i == PML4_KERNEL ? BOOT_PDPT : BOOT_EMPTY), PTE_P | PTE_W);
    pdpt[0] = pte_make(PADDR(BOOT_PD), PTE_P | PTE_W);
    pdpt[1] = pte_make(PADDR(UINT64_C(1) << 30), PTE_P | PTE_W | PTE_PS | PTE_NX);
    for (unsigned i = 0; i < PT_ENTRIES; i++)
        pd[i] = pte_make(PADDR(i * HUGE_SIZE), PTE_P | PTE_W | PTE_PS | PTE_NX);
}

void sim_boot(const struct sim_ram *ram)
{
    struct boot_info info;

    sim_mmu_reset();
    sim_ram_init(ram);
    sim_boot_info(ram, &info);
    if (pmm_init(&info, ram->size / 2) != ERR_OK)
        sim_die("pmm_init failed");
    pmm_init_high(&info, ram->size / 2);
    build_kernel_tables();
    sim_load_root(PADDR(BOOT_PML4));
    if (as_new_kernel(&kernel_as) != ERR_OK)
        sim_die("as_new_kernel failed");
}

struct address_space *sim_kernel_as(void)
{
    return kernel_as;
}
