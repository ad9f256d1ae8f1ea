/*
 * The kernel's own page tables: see kernel_map.h, and arch/layout.h for what
 * goes where. Leaves are global: they are the same in every address space and
 * survive CR3 loads (SDM vol. 3A, "Global Pages").
 */
#include "vm/kernel_map.h"

#include "arch/layout.h"
#include "boot/image.h"
#include "lib/panic.h"

struct page_tables kernel_tables;

#define KERNEL_RO     (PTE_P | PTE_G | PTE_NX)
#define KERNEL_RW     (KERNEL_RO | PTE_W)
#define KERNEL_RX     (PTE_P | PTE_G)
#define KERNEL_DEVICE (KERNEL_RW | PTE_PCD | PTE_PWT)

/* Map one page of the kernel half. */
static err_t map_one(uint64_t va, paddr_t pa, uint64_t bits, enum pt_level level)
{
    struct pt_reserve reserve = PT_RESERVE_INIT;
    uint64_t missing = pt_missing(&kernel_tables, va, va + pt_span(level), level);
    pte_t *entry;
    err_t err = pt_reserve_fill(&reserve, missing);

    if (err == ERR_OK)
        err = pt_walk_make(&kernel_tables, va, level, &reserve, &entry);
    pt_reserve_drop(&reserve);
    if (err == ERR_OK)
        pte_store(entry, pte_make(pa, bits | (level == PT ? 0 : PTE_PS)));
    return err;
}

/* Map [pa, end), whole frames, at pa + offset, by the largest pages that fit. */
static err_t map_range(uint64_t offset, uint64_t pa, uint64_t end, uint64_t bits)
{
    while (pa < end) {
        bool huge = is_aligned(pa | (pa + offset), HUGE_SIZE) && end - pa >= HUGE_SIZE;
        enum pt_level level = huge ? PD : PT;
        err_t err = map_one(pa + offset, PADDR(pa), bits, level);

        if (err != ERR_OK)
            return err;
        pa += pt_span(level);
    }
    return ERR_OK;
}

static uint64_t image_phys(const char *symbol)
{
    return (uint64_t)symbol - KERNEL_BASE;
}

/*
 * Put the RAM [start, end), whole frames, into the direct map (map_range with
 * DIRECT_MAP_BASE), for the kernel to read and write and nobody to execute. Where
 * the image's text and rodata lie in it (kernel_start to kernel_rodata_end, both
 * edges anywhere in the range or outside of it) this second view of them is
 * read-only: W^X holds for a frame, not for an address.
 * Errors: ERR_NOMEM.
 */
static err_t map_ram(uint64_t start, uint64_t end)
{
    uint64_t edge[] = { image_phys(kernel_start), image_phys(kernel_rodata_end), end };
    uint64_t bits[] = { KERNEL_RW, KERNEL_RO, KERNEL_RW };

    for (unsigned i = 0; i < ARRAY_SIZE(edge); i++) {
        uint64_t stop = min_u64(edge[i], end);
        err_t err;

        if (stop <= start)
            continue;
        err = map_range(DIRECT_MAP_BASE, start, stop, bits[i]);
        if (err != ERR_OK)
            return err;
        start = stop;
    }
    return ERR_OK;
}

static err_t map_direct(const struct boot_info *info)
{
    uint64_t done = 0;

    for (unsigned i = 0; i < info->region_count; i++) {
        const struct boot_region *r = &info->region[i];
        uint64_t start = max_u64(align_down(r->base, PAGE_SIZE), done);
        uint64_t end = min_u64(align_up(r->base + r->len, PAGE_SIZE), DIRECT_MAP_MAX);
        err_t err;

        if (r->type == BOOT_RESERVED || start >= end)
            continue;
        err = map_ram(start, end);
        if (err != ERR_OK)
            return err;
        done = end;
    }
    return ERR_OK;
}

/*
 * Map the image at KERNEL_BASE, with the rights that boot/image.h lists for its
 * parts: text R-X, rodata R--, data RW-. Nothing around it.
 * Errors: ERR_NOMEM.
 */
static err_t map_image(void)
{
    const struct {
        const char *start, *end;
        uint64_t bits;
    } part[] = {
        { kernel_start, kernel_text_end, KERNEL_RX },
        { kernel_text_end, kernel_rodata_end, KERNEL_RO },
        { kernel_rodata_end, kernel_end, KERNEL_RW },
    };

    for (unsigned i = 0; i < ARRAY_SIZE(part); i++) {
        err_t err = map_range(KERNEL_BASE, image_phys(part[i].start), image_phys(part[i].end),
                              part[i].bits);

        if (err != ERR_OK)
            return err;
    }
    return ERR_OK;
}

/* Hang an empty table into a PML4 slot, so that user spaces share all that will come below. */
static err_t reserve_slot(uint64_t va)
{
    struct pt_reserve reserve = PT_RESERVE_INIT;
    pte_t *entry;
    err_t err = pt_reserve_fill(&reserve, 1);

    if (err == ERR_OK)
        err = pt_walk_make(&kernel_tables, va, PDPT, &reserve, &entry);
    pt_reserve_drop(&reserve);
    return err;
}

err_t kernel_map_init(const struct boot_info *info)
{
    err_t err = pmm_alloc_zeroed(0, &kernel_tables.root);

    if (err != ERR_OK)
        return err;
    frame_set_table(kernel_tables.root);
    err = map_direct(info);
    if (err == ERR_OK)
        err = map_image();
    if (err == ERR_OK)
        err = reserve_slot(KSTACK_BASE);
    if (err == ERR_OK)
        err = reserve_slot(DEVICE_BASE);
    if (err == ERR_OK)
        mmu_load_root(kernel_tables.root);
    return err;
}

err_t kernel_map_device(paddr_t base, uint64_t len, void **out)
{
    static uint64_t next = DEVICE_BASE; /* devices are mapped while one CPU boots, and stay */
    uint64_t start = align_down(base.v, PAGE_SIZE), end = align_up(base.v + len, PAGE_SIZE);

    for (uint64_t pa = start; pa < end; pa += PAGE_SIZE) {
        err_t err = map_one(next + (pa - start), PADDR(pa), KERNEL_DEVICE, PT);

        if (err != ERR_OK)
            return err;
    }
    *out = (void *)(next + (base.v - start));
    next += end - start;
    return ERR_OK;
}
