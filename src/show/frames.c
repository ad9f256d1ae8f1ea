/* Reading physical memory: see frames.h. */
#include "show/frames.h"

#include "lib/list.h"
#include "lib/string.h"
#include "pmm/pmm.h"
#include "sched/task.h"
#include "show/tasks.h"
#include "vm/address_space.h"
#include "vm/pt.h"

enum { UNITS_MAX = 1 << 18 };

err_t frame_grid_init(struct frame_grid *g, const struct boot_info *info, struct rect area,
                      unsigned smallest)
{
    uint64_t frames = pmm_limit() >> PAGE_SHIFT;
    unsigned order = 0;
    paddr_t block;
    err_t err;

    *g = (struct frame_grid){ .info = info, .area = area, .smallest = smallest };
    while (frames >> g->shift > UNITS_MAX)
        g->shift++;
    g->units = (unsigned)align_up((frames + (UINT64_C(1) << g->shift) - 1) >> g->shift, CHUNK);
    while (PAGE_SIZE << order < 3 * (uint64_t)g->units + g->units / CHUNK)
        order++;
    err = pmm_alloc_zeroed(order, &block);
    if (err != ERR_OK)
        return err;
    g->now = phys_to_virt(block);
    g->next = g->now + g->units;
    g->flash = g->next + g->units;
    g->touched = g->flash + g->units;
    frame_grid_scan(g);
    memcpy(g->now, g->next, g->units);
    frame_grid_layout(g);
    return ERR_OK;
}

/* More references, more light: 2, 3, 4 and up. */
static unsigned count_level(uint32_t count)
{
    return count <= 1 ? 0 : count <= 3 ? count - 1 : 3;
}

shade_t frame_leaf_shade(pte_t leaf, paddr_t frame, int pid)
{
    uint32_t count = frame_count(frame);
    enum kind kind = kind_of_pid(pid);

    if (leaf.v & PTE_SHARED)
        kind = KIND_SHARED;
    else if (count > 1)
        kind = leaf.v & PTE_COW ? KIND_COW : KIND_SHARED;
    if (kind == KIND_SHARED || kind == KIND_COW)
        return shade(kind, count_level(count));
    return shade(kind, pte_present(leaf) ? 3 : 0);
}

/* Frames from first on are of this shade. */
static void raise(struct frame_grid *g, uint64_t first, uint64_t count, shade_t s)
{
    uint64_t last = min_u64((first + count - 1) >> g->shift, g->units - 1);

    for (uint64_t unit = first >> g->shift; unit <= last; unit++)
        if (g->next[unit] < s)
            g->next[unit] = s;
}

/* The frame table's word for the RAM [start, end). Reserved RAM holds the image and its like. */
static void scan_ram(struct frame_grid *g, uint64_t start, uint64_t end)
{
    static const enum kind kinds[] = {
        [FRAME_RESERVED] = KIND_KERNEL, [FRAME_FREE] = KIND_FREE,   [FRAME_USED] = KIND_KERNEL,
        [FRAME_TABLE] = KIND_TABLE,     [FRAME_TAIL] = KIND_KERNEL,
    };

    while (start < end) {
        struct frame frame;
        uint64_t frames = frame_block_at(PADDR(start), &frame);

        if (frames == 0)
            return;
        raise(g, start >> PAGE_SHIFT, frames, shade(kinds[frame.state], 2));
        start += frames * PAGE_SIZE;
    }
}

struct scan {
    struct pt_visitor visitor;
    struct frame_grid *grid;
    int pid;
};

static bool scan_leaf(struct pt_visitor *self, pte_t *entry, vaddr_t va, enum pt_level level)
{
    const struct scan *scan = CONTAINER_OF(self, struct scan, visitor);
    uint64_t frames = UINT64_C(1) << pt_leaf_order(level);

    (void)va;
    for (uint64_t i = 0; i < frames; i++) {
        paddr_t frame = PADDR(pte_addr(*entry).v + i * PAGE_SIZE);

        raise(scan->grid, frame.v >> PAGE_SHIFT, 1, frame_leaf_shade(*entry, frame, scan->pid));
    }
    return true;
}

void frame_grid_scan(struct frame_grid *g)
{
    memset(g->next, shade(KIND_HOLE, 0), g->units);
    for (unsigned i = 0; i < g->info->region_count; i++) {
        const struct boot_region *r = &g->info->region[i];

        if (r->type == BOOT_RAM)
            scan_ram(g, align_up(r->base, PAGE_SIZE), align_down(r->base + r->len, PAGE_SIZE));
    }
    LIST_FOR_EACH (node, next, &task_list) {
        const struct task *task = CONTAINER_OF(node, struct task, all_node);
        struct scan scan = { .visitor.leaf = scan_leaf, .grid = g, .pid = task->pid };

        if (task_has_memory(task)) {
            struct page_tables pt = { .root = as_cr3(task->as) };

            pt_visit(&pt, USER_MIN, USER_MAX, &scan.visitor);
        }
    }
}
