/*
 * The map's eyes and hands on the simulated machine: what it reads of frames and page
 * tables, where it puts them, and dots that stay inside. The screens themselves are for
 * the boots (map.py).
 */
#include "../host/check.h"
#include "arch/layout.h"
#include "arch/mmu.h"
#include "pmm/pmm.h"
#include "sched/task.h"
#include "show/canvas.h"
#include "show/frames.h"
#include "sim.h"
#include "vm/address_space.h"

#include <stdlib.h>
#include <string.h>

/* ---- tasks, as many as the tests need ---- */

struct list_node task_list = { &task_list, &task_list };

bool task_is_user(const struct task *task)
{
    return task->as != sim_kernel_as();
}

struct task *task_find_locked(int pid)
{
    LIST_FOR_EACH (node, next, &task_list)
        if (CONTAINER_OF(node, struct task, all_node)->pid == pid)
            return CONTAINER_OF(node, struct task, all_node);
    return NULL;
}

static void add_task(struct task *task, int pid, struct address_space *as)
{
    *task = (struct task){ .pid = pid, .as = as, .state = TASK_READY };
    list_push_back(&task_list, &task->all_node);
}

/* ---- canvas ---- */

static struct canvas canvas_of(unsigned w, unsigned h)
{
    struct boot_framebuffer fb = { .base = w, .width = w, .height = h, .pitch = w * 4, .bpp = 32 };
    struct canvas c;

    canvas_shape(&c, &fb);
    c.dots = calloc(c.w, c.h);
    if (!c.bytes)
        c.letters = calloc(80 * 25, sizeof(*c.letters));
    return c;
}

static unsigned dots_of(const struct canvas *c, shade_t s)
{
    unsigned count = 0;

    for (unsigned i = 0; i < c->w * c->h; i++)
        count += c->dots[i] == s;
    return count;
}

TEST(canvas_cuts_off_what_is_outside)
{
    static const unsigned places[] = { 0, 5, 630, 639, 640, 4000000000u };
    struct canvas c = canvas_of(640, 480);

    canvas_fill(&c, (struct rect){ 630, 470, 100, 100 }, 1);
    CHECK_EQ(dots_of(&c, 1), 100);
    canvas_fill(&c, (struct rect){ 640, 0, 1, 1 }, 2);
    canvas_fill(&c, (struct rect){ 10, 10, UINT32_MAX, UINT32_MAX }, 3);
    CHECK_EQ(dots_of(&c, 2), 0);
    CHECK_EQ(dots_of(&c, 3), 630 * 470);
    for (unsigned i = 0; i < ARRAY_SIZE(places); i++)
        for (unsigned j = 0; j < ARRAY_SIZE(places); j++)
            canvas_print(&c, places[i], places[j], 4, "%s", "Agj\n\x80 longer than the line");
}

TEST(canvas_draws_letters)
{
    struct canvas c = canvas_of(1024, 768);
    unsigned end = canvas_text(&c, &c.font, 100, 50, 7, "A");

    CHECK_EQ(c.font.w, 12);
    CHECK_EQ(end, 112);
    CHECK(dots_of(&c, 7) > 40 && dots_of(&c, 7) < 200);
    for (unsigned y = 0; y < c.h; y++)
        for (unsigned x = 0; x < c.w; x++)
            if (c.dots[y * c.w + x] == 7)
                CHECK(x >= 100 && x < 112 && y >= 50 && y < 74);
    canvas_text(&c, &c.huge, 100, 100, 8, " ");
    CHECK_EQ(dots_of(&c, 8), 0);
}

TEST(canvas_on_a_text_screen_keeps_letters)
{
    struct canvas c = canvas_of(0, 0);

    CHECK_EQ(c.w, 80);
    CHECK_EQ(c.h, 50);
    CHECK_EQ(canvas_print(&c, 78, 48, 5, "abc"), 80);
    CHECK_EQ(c.letters[24 * 80 + 79].c, 'b');
    CHECK_EQ(c.letters[24 * 80 + 79].ink, 5);
    canvas_fill(&c, (struct rect){ 79, 49, 1, 1 }, 3);
    CHECK_EQ(c.letters[24 * 80 + 79].c, 0);
    CHECK_EQ(c.letters[24 * 80 + 78].c, 'a');
}

/* ---- the grid ---- */

static struct frame_grid grid_of(uint64_t frames, struct rect area, unsigned smallest)
{
    struct frame_grid g = { .area = area, .smallest = smallest };

    g.units = (unsigned)align_up(frames, CHUNK);
    g.touched = calloc(g.units / CHUNK, 1);
    return g;
}

static void check_inside(const struct frame_grid *g, uint64_t frame)
{
    struct rect r = frame_grid_cell(g, PADDR(frame << PAGE_SHIFT));

    CHECK_EQ(r.w, g->cell);
    CHECK(r.x >= g->area.x && r.x + r.w <= g->area.x + g->area.w);
    CHECK(r.y >= g->area.y && r.y + r.h <= g->area.y + g->area.h);
}

TEST(grid_has_room_for_all_frames)
{
    static const struct rect areas[] = { { 12, 36, 581, 510 }, { 0, 2, 46, 34 }, { 5, 5, 17, 9 } };
    static const uint64_t frames[] = { 16, 8160, 65536, 262144 };

    for (unsigned a = 0; a < ARRAY_SIZE(areas); a++) {
        for (unsigned f = 0; f < ARRAY_SIZE(frames); f++) {
            struct frame_grid g = grid_of(frames[f], areas[a], a == 0 ? 4 : 1);

            frame_grid_layout(&g);
            CHECK((uint64_t)g.cells << g.merge >= frames[f]);
            check_inside(&g, 0);
            check_inside(&g, frames[f] - 1);
            CHECK_EQ(frame_grid_cell(&g, PADDR((uint64_t)g.units << PAGE_SHIFT)).w, 0);
            free(g.touched);
        }
    }
}

TEST(grid_gives_each_frame_a_cell_at_32_mib)
{
    struct frame_grid g = grid_of(8160, (struct rect){ 12, 36, 581, 510 }, 4);

    frame_grid_layout(&g);
    CHECK_EQ(g.merge, 0);
    CHECK(g.cell >= 5);
    CHECK_EQ(frame_grid_cell(&g, PADDR(PAGE_SIZE)).x, 12 + g.cell);
}

TEST(grid_close_view_has_touched_chunks_only)
{
    struct frame_grid g = grid_of(65536, (struct rect){ 0, 0, 581, 510 }, 4);

    g.close = true;
    frame_grid_layout(&g);
    CHECK_EQ(g.cells, 0);
    CHECK_EQ(frame_grid_cell(&g, PADDR(0)).w, 0);
    g.touched[3] = g.touched[1000] = 1;
    frame_grid_layout(&g);
    CHECK_EQ(g.cells, 2 * CHUNK);
    CHECK_EQ(g.cell, 32);
    CHECK_EQ(frame_grid_cell(&g, PADDR(0)).w, 0);
    CHECK_EQ(frame_grid_cell(&g, PADDR(3 * CHUNK * PAGE_SIZE)).y, 0);
    CHECK_EQ(frame_grid_cell(&g, PADDR((1000 * CHUNK + 5) * PAGE_SIZE)).y, 32);
    CHECK_EQ(frame_grid_cell(&g, PADDR((1000 * CHUNK + 5) * PAGE_SIZE)).x, 5 * 32);
    memset(g.touched, 1, g.units / CHUNK); /* too many: the first ones */
    frame_grid_layout(&g);
    check_inside(&g, 0);
    CHECK_EQ(frame_grid_cell(&g, PADDR(65535 * PAGE_SIZE)).w, 0);
}

/* ---- what is read ---- */

static struct boot_info info;

static struct frame_grid scanned_grid(void)
{
    struct frame_grid g;

    sim_boot_info(&SIM_RAM_PC, &info);
    CHECK_ERR(frame_grid_init(&g, &info, (struct rect){ 0, 0, 581, 510 }, 4), ERR_OK);
    return g;
}

static shade_t shade_at(struct frame_grid *g, paddr_t frame)
{
    frame_grid_scan(g);
    return g->next[frame.v >> PAGE_SHIFT >> g->shift];
}

static paddr_t page_of(struct address_space *as, vaddr_t va)
{
    paddr_t pa;

    CHECK(as_translate(as, va, &pa));
    return pa;
}

enum { AT = 0x40000000 };

/* A process with one page of its own at AT and one of shared memory behind a gap. */
static struct address_space *process_with_pages(struct task *task, int pid)
{
    struct address_space *as;

    CHECK_ERR(as_new_user(&as), ERR_OK);
    CHECK_ERR(as_map_region(as, AT, 1, VMA_READ | VMA_WRITE, VMA_ANONYMOUS, VMA_PAGE_4K), ERR_OK);
    CHECK_ERR(as_map_region(as, AT + 4 * PAGE_SIZE, 1, VMA_READ | VMA_WRITE | VMA_SHARED,
                            VMA_ANONYMOUS, VMA_PAGE_4K),
              ERR_OK);
    add_task(task, pid, as);
    return as;
}

TEST(scan_knows_the_kernels_frames)
{
    struct frame_grid g;
    paddr_t frame, stack;

    sim_boot(&SIM_RAM_PC);
    g = scanned_grid();
    CHECK_EQ(shade_kind(shade_at(&g, PADDR(KERNEL_PHYS))), KIND_KERNEL);
    CHECK_EQ(shade_kind(shade_at(&g, as_cr3(sim_kernel_as()))), KIND_TABLE);
    CHECK_ERR(pmm_alloc(0, &frame), ERR_OK);
    CHECK_EQ(shade_kind(shade_at(&g, frame)), KIND_KERNEL);
    CHECK_ERR(pmm_alloc(2, &stack), ERR_OK);
    CHECK_EQ(shade_kind(shade_at(&g, PADDR(stack.v + 3 * PAGE_SIZE))), KIND_KERNEL);
    pmm_free(frame, 0);
    CHECK_EQ(shade_kind(shade_at(&g, frame)), KIND_FREE);
    CHECK_EQ(shade_kind(shade_at(&g, PADDR(SIM_RAM_PC.hole[0].base))), KIND_HOLE);
}

TEST(scan_knows_whose_a_frame_is)
{
    static struct task tasks[2];
    struct address_space *as, *child;
    struct frame_grid g;
    paddr_t own, shared;

    sim_boot(&SIM_RAM_PC);
    as = process_with_pages(&tasks[0], 2);
    g = scanned_grid();
    own = page_of(as, AT);
    shared = page_of(as, AT + 4 * PAGE_SIZE);
    CHECK_EQ(shade_at(&g, own), shade(kind_of_pid(2), 3));
    CHECK_EQ(shade_at(&g, shared), shade(KIND_SHARED, 0));

    CHECK_ERR(as_clone_cow(as, &child), ERR_OK);
    add_task(&tasks[1], 3, child);
    CHECK_EQ(shade_at(&g, own), shade(KIND_COW, 1));
    CHECK_EQ(shade_at(&g, shared), shade(KIND_SHARED, 1));

    as_switch_to(child);
    CHECK_ERR(as_handle_fault(child, AT, AS_WRITE | AS_USER), ERR_OK);
    CHECK_EQ(shade_at(&g, own), shade(kind_of_pid(2), 3)); /* still read-only, but nobody else's */
    CHECK_EQ(shade_at(&g, page_of(child, AT)), shade(kind_of_pid(3), 3));
    as_switch_to(sim_kernel_as());
}

TEST(scan_knows_pages_without_rights)
{
    static struct task task;
    struct address_space *as;
    struct frame_grid g;
    paddr_t own;

    sim_boot(&SIM_RAM_PC);
    as = process_with_pages(&task, 4);
    g = scanned_grid();
    own = page_of(as, AT);
    CHECK_ERR(as_protect_range(as, AT, PAGE_SIZE, 0), ERR_OK);
    CHECK_EQ(shade_at(&g, own), shade(kind_of_pid(4), 0));
}

TEST(scan_sees_every_frame_of_a_huge_page)
{
    static struct task task;
    struct address_space *as;
    struct frame_grid g;
    paddr_t huge;

    sim_boot(&SIM_RAM_PC);
    CHECK_ERR(as_new_user(&as), ERR_OK);
    CHECK_ERR(as_map_region(as, AT, 1, VMA_READ | VMA_WRITE, VMA_ANONYMOUS, VMA_PAGE_2M), ERR_OK);
    add_task(&task, 5, as);
    g = scanned_grid();
    huge = page_of(as, AT);
    CHECK_EQ(shade_at(&g, huge), shade(kind_of_pid(5), 3));
    CHECK_EQ(shade_at(&g, PADDR(huge.v + HUGE_SIZE - PAGE_SIZE)), shade(kind_of_pid(5), 3));
}

TEST(draw_tells_zeroed_frames_from_other_changes)
{
    struct canvas c = canvas_of(1024, 768);
    struct frame_grid g;
    paddr_t plain, table;
    unsigned hole;

    sim_boot(&SIM_RAM_PC);
    g = scanned_grid();
    frame_grid_draw(&g, &c, false);
    CHECK_ERR(pmm_alloc(0, &plain), ERR_OK);
    CHECK_ERR(pmm_alloc_zeroed(0, &table), ERR_OK);
    frame_set_table(table);
    frame_grid_scan(&g);
    frame_grid_draw(&g, &c, false);
    hole = g.cell - 2 * (g.cell / 3);
    CHECK_EQ(dots_of(&c, shade(KIND_FLASH, 3)), g.cell * g.cell);
    CHECK_EQ(dots_of(&c, shade(KIND_ZEROED, 3)), g.cell * g.cell - hole * hole);
    /* As told by an event; the mark ends with the flash. */
    frame_grid_flash(&g, plain, true);
    for (unsigned i = 0; i < 3; i++)
        frame_grid_draw(&g, &c, false);
    CHECK(dots_of(&c, shade(KIND_ZEROED, 3)) > 0);
    CHECK_EQ(dots_of(&c, shade(KIND_FLASH, 3)), 0);
    for (unsigned i = 0; i < 10; i++) {
        canvas_fill(&c, (struct rect){ 0, 0, c.w, c.h }, shade(KIND_PAPER, 3));
        frame_grid_draw(&g, &c, false);
    }
    CHECK_EQ(dots_of(&c, shade(KIND_ZEROED, 3)), 0);
}

TEST(draw_puts_labels_beside_the_cells)
{
    static const struct rect areas[] = { { 8, 24, 363, 280 }, { 12, 36, 581, 510 } };

    sim_boot(&SIM_RAM_PC);
    sim_boot_info(&SIM_RAM_PC, &info);
    for (unsigned a = 0; a < ARRAY_SIZE(areas); a++) {
        struct canvas c = canvas_of(a == 0 ? 640 : 1024, a == 0 ? 480 : 768);
        struct frame_grid g;

        CHECK_ERR(frame_grid_init(&g, &info, areas[a], 4), ERR_OK);
        g.close = true;
        memset(g.touched, 1, 5);
        frame_grid_draw(&g, &c, true);
        CHECK_EQ(g.columns, CHUNK);
        CHECK(dots_of(&c, shade(KIND_INK, 1)) > 0);
        for (unsigned i = 0; i < c.w * c.h; i++)
            if (c.dots[i] == shade(KIND_INK, 1))
                CHECK(i % c.w >= g.area.x + CHUNK * g.cell && i % c.w < g.area.x + g.area.w);
    }
}

TEST(draw_marks_what_has_changed_and_touches_its_chunk)
{
    struct canvas c = canvas_of(1024, 768);
    struct frame_grid g;
    struct rect cell;
    paddr_t frame;

    sim_boot(&SIM_RAM_PC);
    g = scanned_grid();
    frame_grid_draw(&g, &c, false);
    CHECK_EQ(dots_of(&c, shade(KIND_FLASH, 3)), 0);
    CHECK_ERR(pmm_alloc(0, &frame), ERR_OK);
    CHECK_EQ(g.touched[(frame.v >> PAGE_SHIFT) / CHUNK], 0);
    frame_grid_scan(&g);
    frame_grid_draw(&g, &c, false);
    CHECK_EQ(dots_of(&c, shade(KIND_FLASH, 3)), g.cell * g.cell);
    CHECK_EQ(g.touched[(frame.v >> PAGE_SHIFT) / CHUNK], 1);
    for (unsigned i = 0; i < 10; i++) {
        frame_grid_scan(&g);
        frame_grid_draw(&g, &c, false);
    }
    cell = frame_grid_cell(&g, frame);
    CHECK_EQ(c.dots[cell.y * c.w + cell.x], shade(KIND_KERNEL, 2));
    frame_grid_mark(&g, &c, frame);
    CHECK_EQ(c.dots[cell.y * c.w + cell.x], shade(KIND_KERNEL, 2));
    CHECK_EQ(c.dots[(cell.y + g.cell) * c.w + cell.x], shade(KIND_ALERT, 3));
}
