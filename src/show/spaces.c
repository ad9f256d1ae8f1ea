/* Address spaces as bars: see spaces.h. */
#include "show/spaces.h"

#include "arch/layout.h"
#include "lib/string.h"
#include "show/frames.h"
#include "show/tasks.h"
#include "vm/address_space.h"
#include "vm/pt.h"

enum { UNITS_MAX = 128, NAME_CHARS = 10 /* of a line, before its bar */ };

/* Part of a line that shows part of an address space. */
struct bar {
    struct pt_visitor visitor;
    vaddr_t start;
    uint64_t bytes; /* of a unit */
    int pid;
    unsigned units;
    shade_t shade[UNITS_MAX]; /* 0: nothing is resident */
    bool writable[UNITS_MAX];
};

static vaddr_t vma_end(const struct vma *vma)
{
    return vma->start + vma->page_count * (vma->page_size == VMA_PAGE_2M ? HUGE_SIZE : PAGE_SIZE);
}

static bool bar_take_leaf(struct pt_visitor *self, pte_t *entry, vaddr_t va, enum pt_level level)
{
    struct bar *bar = CONTAINER_OF(self, struct bar, visitor);

    for (uint64_t done = 0; done < pt_span(level); done += PAGE_SIZE) {
        uint64_t unit = (va + done - bar->start) / bar->bytes;
        paddr_t frame = PADDR(pte_addr(*entry).v + done);
        shade_t s = frame_leaf_shade(*entry, frame, bar->pid);

        if (va + done < bar->start || unit >= bar->units)
            continue;
        if (bar->shade[unit] < s)
            bar->shade[unit] = s;
        bar->writable[unit] |= (entry->v & PTE_W) != 0;
    }
    return true;
}

/* Fill in what is resident of a VMA, in at most this many units. */
static void bar_read(struct bar *bar, const struct task *task, const struct vma *vma, unsigned max)
{
    struct page_tables pt = { .root = as_cr3(task->as) };
    uint64_t len = vma_end(vma) - vma->start;
    uint64_t pages = len / PAGE_SIZE;

    *bar = (struct bar){ .visitor.leaf = bar_take_leaf, .start = vma->start, .pid = task->pid };
    if (max > UNITS_MAX)
        max = UNITS_MAX;
    bar->bytes = (pages + max - 1) / max * PAGE_SIZE;
    bar->units = (unsigned)((len + bar->bytes - 1) / bar->bytes);
    pt_visit(&pt, vma->start, vma->start + len, &bar->visitor);
}

/* Dots of a unit: visible from far away where there are dots enough. */
static unsigned unit_width(const struct canvas *c)
{
    return c->font.w > 2 ? c->font.w / 3 : 1;
}

static unsigned bar_draw(struct canvas *c, const struct bar *bar, unsigned x, unsigned y,
                         unsigned w)
{
    unsigned gap = w > 2 ? 1 : 0, edge = c->font.h / 6;
    unsigned full = c->font.h - 2 * edge, half = full > 2 ? full * 5 / 9 : full / 2;

    for (unsigned i = 0; i < bar->units; i++, x += w) {
        struct rect r = { x, y + edge, w - gap, full };

        canvas_fill(c, r, shade(KIND_PANEL, 3));
        if (bar->shade[i] != 0 && !bar->writable[i])
            r = (struct rect){ r.x, r.y + full - half, r.w, half };
        if (bar->shade[i] != 0)
            canvas_fill(c, r, bar->shade[i]);
    }
    return x;
}

static const char *vma_name(const struct task *task, const struct vma *vma)
{
    if (vma->flags & VMA_SHARED)
        return "share";
    if (!(vma->flags & (VMA_READ | VMA_WRITE | VMA_EXEC)))
        return "guard";
    if (vma->type == VMA_STACK)
        return "stack";
    if (vma->flags & VMA_EXEC)
        return "text";
    if (vma->start < task->brk_start) /* the heap follows the program */
        return vma->flags & VMA_WRITE ? "data" : "const";
    return vma->start < task->brk ? "heap" : "mmap";
}

static void vma_draw(struct canvas *c, struct rect line, const struct task *task,
                     const struct vma *vma)
{
    static struct bar bar; /* one CPU, interrupts off; and stacks are small */
    unsigned x = line.x + NAME_CHARS * c->font.w, width = unit_width(c);

    canvas_print(c, line.x, line.y, shade(KIND_INK, 2), "%-5s %c%c%c", vma_name(task, vma),
                 vma->flags & VMA_READ ? 'r' : '-', vma->flags & VMA_WRITE ? 'w' : '-',
                 vma->flags & VMA_EXEC ? 'x' : '-');
    if (!(vma->flags & (VMA_READ | VMA_WRITE | VMA_EXEC))) {
        canvas_print(c, x, line.y, shade(KIND_INK, 0), "%lu KiB",
                     (vma_end(vma) - vma->start) >> 10);
        return;
    }
    bar_read(&bar, task, vma, (line.x + line.w - x) / width);
    while (width < c->font.w && bar.units * width * 2 <= line.x + line.w - x)
        width *= 2; /* few pages: larger ones */
    bar_draw(c, &bar, x, line.y, width);
}

static unsigned vma_count(const struct task *task)
{
    unsigned count = 0;
    struct vma vma;

    for (vaddr_t at = USER_MIN; as_region_at_or_after(task->as, at, &vma); count++)
        at = vma_end(&vma);
    return count;
}

/* All VMAs one behind the other, each with its share of the line. */
static void line_draw_all(struct canvas *c, struct rect line, const struct task *task)
{
    static struct bar bar;
    unsigned x = line.x + NAME_CHARS * c->font.w, width = unit_width(c);
    unsigned share = (line.x + line.w - x) / width / (vma_count(task) + 1);
    struct vma vma;

    for (vaddr_t at = USER_MIN; share > 1 && as_region_at_or_after(task->as, at, &vma);) {
        bar_read(&bar, task, &vma, share - 1);
        x = bar_draw(c, &bar, x, line.y, width) + width;
        at = vma_end(&vma);
    }
}

/* "#>3 demo       running"; the name only where no bar needs the room. */
static void head_draw(struct canvas *c, struct rect line, const struct task *task, bool alone,
                      bool picked)
{
    unsigned edge = c->font.h / 6, x = line.x;
    const char *state = task_state_name(task);
    shade_t ink = shade(KIND_INK, picked ? 3 : 2);

    canvas_fill(c, (struct rect){ x, line.y + edge, c->font.w, c->font.h - 2 * edge },
                shade(kind_of_pid(task->pid), 3));
    if (picked)
        canvas_print(c, x + c->font.w, line.y, ink, ">");
    if (!alone) {
        canvas_print(c, x + 2 * c->font.w, line.y, ink, "%d %.4s", task->pid, task->name);
        return;
    }
    canvas_print(c, x + 2 * c->font.w, line.y, ink, "%d %.*s", task->pid, TASK_NAME_MAX,
                 task->name);
    canvas_print(c, line.x + line.w - (unsigned)strlen(state) * c->font.w, line.y, ink, "%s",
                 state);
}

/* One process; returns the lines used. */
static unsigned process_draw(struct canvas *c, struct rect line, const struct task *task, bool all,
                             bool picked)
{
    unsigned lines = 1;
    struct vma vma;

    head_draw(c, line, task, all, picked);
    if (!task_has_memory(task))
        return lines;
    if (!all) {
        line_draw_all(c, line, task);
        return lines;
    }
    for (vaddr_t at = USER_MIN; as_region_at_or_after(task->as, at, &vma); lines++) {
        line.y += c->font.h;
        vma_draw(c, line, task, &vma);
        at = vma_end(&vma);
    }
    return lines;
}

static unsigned lines_wanted(const struct task *task)
{
    return task_has_memory(task) ? vma_count(task) : 0;
}

/* Where this process is among them; 0 if it is not. */
static unsigned place_of(struct task *const *tasks, unsigned count, int pid)
{
    for (unsigned i = 0; i < count; i++)
        if (tasks[i]->pid == pid)
            return i;
    return 0;
}

void spaces_draw(struct canvas *c, struct rect area, int picked)
{
    static struct task *tasks[SHOWN_TASKS_MAX];
    unsigned count = task_list_shown(tasks, SHOWN_TASKS_MAX), lines = area.h / c->font.h;
    unsigned shown = count > lines ? lines - 1 : count, at = place_of(tasks, count, picked);
    unsigned first = at < shown ? 0 : at - shown + 1, room = shown < count ? 0 : lines - count;
    unsigned wanted = count > 0 ? lines_wanted(tasks[at]) : 0;
    bool is_whole = wanted <= room; /* the picked one */
    struct rect line = { area.x, area.y, area.w, c->font.h };

    /* Lines to spare once each process has one: the picked one's come first. */
    room = is_whole ? room - wanted : 0;
    for (unsigned i = first; i < first + shown; i++) {
        bool all = i == at ? is_whole : lines_wanted(tasks[i]) <= room;

        if (all && i != at)
            room -= lines_wanted(tasks[i]);
        line.y += process_draw(c, line, tasks[i], all, i == at) * c->font.h;
    }
    if (shown < count)
        canvas_print(c, line.x, line.y, shade(KIND_INK, 2), "and %u more", count - shown);
}
