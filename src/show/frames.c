/* The grid of frames: see frames.h. */
#include "show/frames.h"

#include "lib/list.h"
#include "lib/string.h"
#include "pmm/pmm.h"
#include "sched/task.h"
#include "show/tasks.h"
#include "vm/address_space.h"
#include "vm/pt.h"

enum { FLASHES = 6, CELL_MAX = 16 };

void frame_grid_shape(struct frame_grid *g, struct rect area, uint64_t frames, unsigned smallest)
{
    for (g->shift = 0;; g->shift++) {
        g->count = (unsigned)((frames + (UINT64_C(1) << g->shift) - 1) >> g->shift);
        for (g->cell = CELL_MAX; g->cell >= smallest; g->cell--) {
            unsigned columns = area.w / g->cell & ~7u;

            if ((uint64_t)columns * (area.h / g->cell) < g->count)
                continue;
            g->columns = columns;
            g->at = (struct rect){ area.x, area.y, columns * g->cell,
                                   (g->count + columns - 1) / columns * g->cell };
            return;
        }
    }
}

err_t frame_grid_init(struct frame_grid *g, const struct boot_info *info, struct rect area,
                      unsigned smallest)
{
    unsigned order = 0;
    paddr_t block;
    err_t err;

    *g = (struct frame_grid){ .info = info };
    frame_grid_shape(g, area, pmm_limit() >> PAGE_SHIFT, smallest);
    while (PAGE_SIZE << order < 3 * (uint64_t)g->count)
        order++;
    err = pmm_alloc_zeroed(order, &block);
    if (err != ERR_OK)
        return err;
    g->now = phys_to_virt(block);
    g->next = g->now + g->count;
    g->flash = g->next + g->count;
    frame_grid_scan(g);
    memcpy(g->now, g->next, g->count);
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
    uint64_t last = min_u64((first + count - 1) >> g->shift, g->count - 1);

    for (uint64_t cell = first >> g->shift; cell <= last; cell++)
        if (g->next[cell] < s)
            g->next[cell] = s;
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
    memset(g->next, shade(KIND_HOLE, 0), g->count);
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

struct rect frame_grid_cell(const struct frame_grid *g, paddr_t frame)
{
    uint64_t cell = frame.v >> PAGE_SHIFT >> g->shift;

    if (cell >= g->count)
        return (struct rect){ 0 };
    return (struct rect){ g->at.x + (unsigned)(cell % g->columns) * g->cell,
                          g->at.y + (unsigned)(cell / g->columns) * g->cell, g->cell, g->cell };
}

void frame_grid_flash(struct frame_grid *g, paddr_t frame)
{
    uint64_t cell = frame.v >> PAGE_SHIFT >> g->shift;

    if (cell < g->count)
        g->flash[cell] = FLASHES;
}

void frame_grid_mark(const struct frame_grid *g, struct canvas *c, paddr_t frame)
{
    struct rect r = frame_grid_cell(g, frame);
    unsigned out = g->cell > 3 ? 3 : 0, cell = g->now[(frame.v >> PAGE_SHIFT) >> g->shift];

    if (r.w == 0)
        return;
    canvas_fill(c, (struct rect){ r.x - out, r.y - out, r.w + 2 * out - 1, r.h + 2 * out - 1 },
                shade(KIND_ALERT, 3));
    if (out > 0)
        canvas_fill(c, (struct rect){ r.x, r.y, r.w - 1, r.h - 1 }, (shade_t)cell);
}

/* One cell: a square; with a hole in it where it is shared in whatever way; in a white frame
 * where it has just changed. */
static void draw_cell(const struct frame_grid *g, struct canvas *c, unsigned i, bool hold)
{
    struct rect r = frame_grid_cell(g, PADDR((uint64_t)i << g->shift << PAGE_SHIFT));
    enum kind kind = shade_kind(g->now[i]);
    unsigned gap = g->cell > 3 ? 1 : 0, third = g->cell / 3;

    if (g->flash[i] > 0) {
        canvas_fill(c, r, shade(KIND_FLASH, 3));
        if (g->cell < 4 || (g->flash[i] == FLASHES && !hold))
            return;
        r = (struct rect){ r.x + 1, r.y + 1, r.w - 1, r.h - 1 };
    }
    r.w -= gap;
    r.h -= gap;
    canvas_fill(c, r, g->now[i]);
    if (g->cell >= 5 && (kind == KIND_COW || kind == KIND_SHARED)) {
        r = (struct rect){ r.x + third, r.y + third, r.w - 2 * third, r.h - 2 * third };
        canvas_fill(c, r, kind == KIND_COW ? shade(KIND_PAPER, 3) : shade(KIND_FLASH, 3));
    }
}

void frame_grid_draw(struct frame_grid *g, struct canvas *c, bool hold)
{
    for (unsigned i = 0; i < g->count; i++) {
        if (g->next[i] != g->now[i])
            g->flash[i] = FLASHES;
        else if (g->flash[i] > 0 && !hold)
            g->flash[i]--;
        g->now[i] = g->next[i];
        draw_cell(g, c, i, hold);
    }
}
