/* The walk of an address: see walk.h, and arch/paging.h for the entries' format. */
#include "show/walk.h"

#include "lib/print.h"
#include "pmm/pmm.h"
#include "show/frames.h"
#include "show/tasks.h"
#include "vm/address_space.h"
#include "vm/pt.h"

static const char *const level_names[] = { "", "PT", "PD", "PDPT", "PML4" };

/* The bits of an entry in words, as "P W U NX". */
static void entry_bits(char *text, size_t size, pte_t entry)
{
    static const struct {
        uint64_t bit;
        const char *name;
    } bits[] = {
        { PTE_P, "P" },       { PTE_W, "W" },           { PTE_U, "U" },   { PTE_A, "A" },
        { PTE_D, "D" },       { PTE_PS, "2M" },         { PTE_NX, "NX" }, { PTE_COW, "COW" },
        { PTE_KEPT, "KEPT" }, { PTE_SHARED, "SHARED" },
    };
    size_t used = 0;

    text[0] = '\0';
    for (unsigned i = 0; i < ARRAY_SIZE(bits) && used < size; i++)
        if (entry.v & bits[i].bit)
            used += (size_t)fmt_snprintf(text + used, size - used, " %s", bits[i].name);
}

/* Where the walk ends, in a sentence. */
static void end_draw(struct canvas *c, const struct frame_grid *grid, struct rect at, pte_t leaf,
                     enum pt_level level, vaddr_t va)
{
    paddr_t pa = PADDR(align_down(pte_addr(leaf).v, pt_span(level)) + (va & (pt_span(level) - 1)));

    if (!pte_used(leaf)) {
        canvas_print(c, at.x, at.y, shade(KIND_ALERT, 3), "nothing here: a fault");
        return;
    }
    frame_grid_mark(grid, c, pa);
    canvas_print(c, at.x, at.y, shade(KIND_ALERT, 3), "frame %lx + %lx, %u ref%s",
                 pa.v >> PAGE_SHIFT, pa.v & (PAGE_SIZE - 1), frame_count(pa),
                 frame_count(pa) == 1 ? "" : "s");
    if (!(leaf.v & PTE_W))
        canvas_print(c, at.x, at.y + c->font.h, shade(KIND_INK, 2), "a write %s",
                     leaf.v & PTE_COW ? "faults, and copies" : "faults");
}

/* Two lines for each level; the index is the part of the address that the level uses. */
void walk_draw(struct canvas *c, struct rect area, const struct frame_grid *grid, int pid,
               vaddr_t va)
{
    const struct task *task = task_by_pid(pid);
    unsigned x = area.x, y = area.y, step = c->font.h;
    paddr_t table;

    canvas_print(c, x, y, shade(KIND_ALERT, 3), "walk of %lx", va);
    y += step;
    canvas_print(c, x, y, shade(KIND_INK, 2), "= %u %u %u %u, byte 0x%lx", pt_index(va, PML4),
                 pt_index(va, PDPT), pt_index(va, PD), pt_index(va, PT), va & (PAGE_SIZE - 1));
    y += step;
    if (!task || !task_has_memory(task)) {
        canvas_print(c, x, y, shade(KIND_INK, 2), "pid %d has no memory; Tab picks", pid);
        return;
    }
    canvas_print(c, x, y, shade(kind_of_pid(pid), 3), "pid %d: CR3 = %lx", pid, as_cr3(task->as).v);
    table = as_cr3(task->as);
    for (enum pt_level level = PML4;; level--) {
        pte_t entry = pt_table(table)[pt_index(va, level)];
        char bits[48];

        y += step;
        entry_bits(bits, sizeof(bits), entry);
        frame_grid_mark(grid, c, table);
        canvas_print(c, x, y, shade(KIND_TABLE, 3), "%s[%u] in frame %lx", level_names[level],
                     pt_index(va, level), table.v >> PAGE_SHIFT);
        y += step;
        canvas_print(c, x, y, shade(KIND_INK, 3), "  %lx%s", entry.v & PTE_ADDR, bits);
        table = pte_addr(entry);
        if (!pte_used(entry) || pte_is_leaf(entry, level)) {
            end_draw(c, grid, (struct rect){ x, y + step, 0, 0 }, entry, level, va);
            return;
        }
    }
}
