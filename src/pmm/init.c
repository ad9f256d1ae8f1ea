/*
 * From the boot memory map to free lists.
 *
 * The frame table itself lies in the first stretch of RAM that can hold it.
 * RAM that the direct map does not reach yet is handed over by pmm_init_high,
 * after the kernel's own tables are built from the memory below.
 */
#include "arch/log.h"
#include "arch/mmu.h"
#include "lib/panic.h"
#include "pmm/frame_table.h"

/* Frame numbers have 32 bits, and one value means "none". */
_Static_assert(DIRECT_MAP_MAX >> PAGE_SHIFT < FRAME_NONE, "frame numbers fit");

/* Does [base, base + len) contain the address? */
static bool range_contains(uint64_t base, uint64_t len, uint64_t at)
{
    return base <= at && at - base < len;
}

/* End of what occupies the address `at`, or `at` itself if nothing does. */
static uint64_t skip_occupied(const struct boot_info *info, uint64_t at)
{
    for (bool moved = true; moved;) {
        moved = false;
        for (unsigned i = 0; i < info->reserved_count; i++) {
            const struct boot_module *r = &info->reserved[i];

            if (range_contains(r->base, r->len, at)) {
                at = align_up(r->base + r->len, PAGE_SIZE);
                moved = true;
            }
        }
        if (range_contains(pmm.table_start, pmm.table_len, at)) {
            at = pmm.table_start + pmm.table_len;
            moved = true;
        }
    }
    return at;
}

/* First occupied address at or above `at`, at most end. */
static uint64_t next_occupied(const struct boot_info *info, uint64_t at, uint64_t end)
{
    for (unsigned i = 0; i < info->reserved_count; i++)
        if (info->reserved[i].base >= at)
            end = min_u64(end, align_down(info->reserved[i].base, PAGE_SIZE));
    if (pmm.table_len && pmm.table_start >= at)
        end = min_u64(end, pmm.table_start);
    return max_u64(end, at);
}

/*
 * The next stretch of whole free frames in [*start, end): *start is moved to
 * it, *stop is where it ends. False if there is none.
 */
static bool next_stretch(const struct boot_info *info, uint64_t *start, uint64_t *stop,
                         uint64_t end)
{
    while (*start < end) {
        *start = skip_occupied(info, *start);
        if (*start >= end)
            return false;
        *stop = next_occupied(info, *start, end);
        if (*stop > *start)
            return true;
        *start += PAGE_SIZE;
    }
    return false;
}

/* Part of a region in [low, high), in whole frames; the frame at 0 is never handed out. */
static bool region_frames(const struct boot_region *r, uint64_t low, uint64_t high, uint64_t *start,
                          uint64_t *end)
{
    *start = max_u64(align_up(r->base, PAGE_SIZE), max_u64(low, PAGE_SIZE));
    *end = min_u64(align_down(r->base + r->len, PAGE_SIZE), high);
    return r->type == BOOT_RAM && *start < *end;
}

/*
 * Free [start, end), whole frames, in the largest aligned blocks that fit: a block's
 * frame number is a multiple of its size. All frames in it are FRAME_RESERVED until
 * then; later frames of a block become FRAME_TAIL. Counts them in pmm.stats.total.
 */
static void insert_stretch(uint64_t start, uint64_t end)
{
    uint32_t number = frame_number(PADDR(start)), stop = frame_number(PADDR(end));

    pmm.stats.total += stop - number;
    while (number < stop) {
        unsigned order = number ? (unsigned)__builtin_ctz(number) : PMM_ORDERS;

        if (order > PMM_ORDERS - 1)
            order = PMM_ORDERS - 1;
        while (number + (UINT64_C(1) << order) > stop)
            order--;
        for (uint32_t i = 1; i < UINT32_C(1) << order; i++)
            pmm.table[number + i].state = FRAME_TAIL;
        buddy_insert_locked(number, order);
        number += UINT32_C(1) << order;
    }
}

static void insert_ram(const struct boot_info *info, uint64_t low, uint64_t high)
{
    high = min_u64(high, pmm_limit());
    spin_lock(&pmm_lock);
    for (unsigned i = 0; i < info->region_count; i++) {
        uint64_t start, stop, end;

        if (!region_frames(&info->region[i], low, high, &start, &end))
            continue;
        for (; next_stretch(info, &start, &stop, end); start = stop)
            insert_stretch(start, stop);
    }
    spin_unlock(&pmm_lock);
}

/* Find room for a table of len bytes below `mapped`. */
static bool place_table(const struct boot_info *info, uint64_t len, uint64_t mapped)
{
    for (unsigned i = 0; i < info->region_count; i++) {
        uint64_t start, stop, end;

        if (!region_frames(&info->region[i], 0, mapped, &start, &end))
            continue;
        for (; next_stretch(info, &start, &stop, end); start = stop)
            if (stop - start > len) {
                pmm.table_start = start;
                pmm.table_len = len;
                return true;
            }
    }
    return false;
}

/* Choose the highest limit whose table can be placed: region ends, from the top. */
static err_t choose_limit(const struct boot_info *info, uint64_t mapped)
{
    for (unsigned i = info->region_count; i-- > 0;) {
        const struct boot_region *r = &info->region[i];
        uint64_t end = min_u64(align_down(r->base + r->len, PAGE_SIZE), DIRECT_MAP_MAX);
        uint64_t frames = end >> PAGE_SHIFT;

        if (r->type != BOOT_RAM || frames == 0)
            continue;
        if (place_table(info, align_up(frames * sizeof(struct frame), PAGE_SIZE), mapped)) {
            pmm.limit = (uint32_t)frames;
            return ERR_OK;
        }
        klog("pmm: no room for a frame table up to %#lx; RAM from %#lx is left out", end, r->base);
    }
    return ERR_NOMEM;
}

err_t pmm_init(const struct boot_info *info, uint64_t mapped)
{
    err_t err;

    pmm = (struct pmm){ 0 };
    for (unsigned order = 0; order < PMM_ORDERS; order++)
        pmm.free_list[order] = FRAME_NONE;
    err = choose_limit(info, mapped);
    if (err != ERR_OK)
        return err;
    pmm.table = phys_to_virt(PADDR(pmm.table_start));
    cpu_stosq(pmm.table, 0, pmm.table_len / 8); /* all FRAME_RESERVED */
    insert_ram(info, 0, mapped);
    return ERR_OK;
}

void pmm_init_high(const struct boot_info *info, uint64_t mapped)
{
    insert_ram(info, mapped, UINT64_MAX);
}

void pmm_release(paddr_t start, uint64_t len)
{
    uint64_t from = align_up(start.v, PAGE_SIZE), to = align_down(start.v + len, PAGE_SIZE);

    if (from >= to)
        return;
    spin_lock(&pmm_lock);
    for (uint64_t pa = from; pa < to; pa += PAGE_SIZE)
        if (pa >= pmm_limit() || pmm.table[frame_number(PADDR(pa))].state != FRAME_RESERVED)
            panic("pmm_release: %#lx is not reserved RAM", pa);
    insert_stretch(from, to);
    spin_unlock(&pmm_lock);
}

uint64_t pmm_limit(void)
{
    return (uint64_t)pmm.limit << PAGE_SHIFT;
}
