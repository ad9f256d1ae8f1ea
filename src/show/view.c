/* The picture: see view.h. */
#include "show/view.h"

#include "lib/print.h"
#include "lib/string.h"
#include "pmm/pmm.h"
#include "sched/sched.h"
#include "show/events.h"
#include "show/spaces.h"
#include "show/tasks.h"
#include "show/walk.h"

void layout_shape(struct layout *l, const struct canvas *c)
{
    unsigned row = c->font.h, margin = row > 2 ? row / 2 : 0, column = c->font.w;
    unsigned telling = NARRATION_LINES * c->huge.h + (row > 2 ? row / 2 : 0);
    unsigned events = row * (row > 2 ? 4 : 3), left = c->w * 29 / 50;
    unsigned foot = c->h - telling - events - margin, side = left + column + margin;

    l->head = (struct rect){ margin, margin / 2, c->w - 2 * margin, row };
    l->legend = (struct rect){ margin, foot - row - margin / 2, c->w - 2 * margin, row };
    l->grid = (struct rect){ margin, row + margin, left - margin,
                             l->legend.y - row - margin - margin / 6 };
    l->side = (struct rect){ side, l->grid.y, c->w - margin - side, l->grid.h - 2 * row };
    l->queue = (struct rect){ side, l->side.y + l->side.h, l->side.w, 2 * row };
    l->events = (struct rect){ margin, foot, c->w - 2 * margin, events };
    l->narration = (struct rect){ 0, c->h - telling, c->w, telling };
}

/* From the left as much as there is room for beside the state: the name is left out first. */
static void head_draw(struct canvas *c, struct rect at, const struct frame_grid *grid,
                      const struct view *view)
{
    static const char name[] = "Quire  ";
    unsigned x = at.x, state_x = at.x + at.w - (unsigned)strlen(view->state) * c->font.w;
    int cell_len = 0, room = (int)((state_x - x) / c->font.w) - 1; /* columns */
    char memory[80], cell[32] = "";
    struct pmm_stats stats;

    pmm_stats(&stats);
    room -= fmt_snprintf(memory, sizeof(memory), "%lu frames, %lu free, %lu tables", stats.total,
                         stats.free, stats.tables);
    if (grid->shift + grid->merge > 0)
        cell_len = fmt_snprintf(cell, sizeof(cell), "; %lu a cell",
                                UINT64_C(1) << (grid->shift + grid->merge));
    if ((int)sizeof(name) - 1 + cell_len <= room)
        x = canvas_print(c, x, at.y, shade(KIND_INK, 3), "%s", name);
    canvas_print(c, x, at.y, shade(KIND_INK, 2), "%s%s", memory, cell_len <= room ? cell : "");
    canvas_print(c, state_x, at.y, shade(view->alert ? KIND_ALERT : KIND_INK, 3), "%s",
                 view->state);
}

static unsigned legend_item(struct canvas *c, unsigned x, unsigned y, shade_t s, const char *name)
{
    unsigned edge = c->font.h / 6, stripes = s || c->font.w < KINDS_OWNER ? 1 : KINDS_OWNER;
    unsigned w = c->font.w / stripes;

    for (unsigned i = 0; i < stripes; i++)
        canvas_fill(c, (struct rect){ x + i * w, y + edge, w, c->font.h - 2 * edge },
                    s ? s : shade(KIND_OWNER + i, 3));
    return canvas_print(c, x + c->font.w * 5 / 4 + (c->font.w == 1), y, shade(KIND_INK, 2), "%s ",
                        name);
}

static void legend_draw(struct canvas *c, struct rect at)
{
    static const struct {
        enum kind kind;
        const char *name;
    } items[] = {
        { KIND_FREE, "free" },     { KIND_KERNEL, "kernel" }, { KIND_TABLE, "table" },
        { 0, "process" },          { KIND_SHARED, "shared" }, { KIND_COW, "copy-on-write" },
        { KIND_FLASH, "changed" }, { KIND_ZEROED, "zeroed" },
    };

    for (unsigned i = 0; i < ARRAY_SIZE(items); i++)
        at.x =
            legend_item(c, at.x, at.y, items[i].kind ? shade(items[i].kind, 3) : 0, items[i].name);
}

static unsigned task_chip(struct canvas *c, unsigned x, unsigned y, const struct task *task)
{
    unsigned edge = c->font.h / 6;

    canvas_fill(c, (struct rect){ x, y + edge, c->font.w, c->font.h - 2 * edge },
                shade(kind_of_pid(task->pid), 3));
    return canvas_print(c, x + c->font.w * 5 / 4 + (c->font.w == 1), y, shade(KIND_INK, 3), "%d ",
                        task->pid);
}

/* A row of chips; "+3" stands for those that it has no room for. */
static void chips_draw(struct canvas *c, struct rect row, struct task *const *tasks, unsigned count)
{
    unsigned x = row.x;

    for (unsigned i = 0; i < count; i++) {
        int columns = 2 + fmt_snprintf(NULL, 0, "%d", tasks[i]->pid);

        columns += i + 1 < count ? (int)sizeof(" +99") - 1 : 0;
        if (x + (unsigned)columns * c->font.w > row.x + row.w) {
            canvas_print(c, x, row.y, shade(KIND_INK, 2), "+%u", count - i);
            return;
        }
        x = task_chip(c, x, row.y, tasks[i]);
    }
}

static bool is_program(const struct task *task)
{
    return task->pid > PID_INIT;
}

static bool is_waiting(const struct task *task)
{
    return task->state == TASK_SLEEPING || task->state == TASK_STOPPED;
}

/* Leave only those of which this is true; returns how many. */
static unsigned tasks_filter(struct task **tasks, unsigned count,
                             bool (*keeps)(const struct task *))
{
    unsigned kept = 0;

    for (unsigned i = 0; i < count; i++)
        if (keeps(tasks[i]))
            tasks[kept++] = tasks[i];
    return kept;
}

/* Who has the CPU, who waits for it in which order, and who waits for something else. */
static void queue_draw(struct canvas *c, struct rect at)
{
    static struct task *tasks[SHOWN_TASKS_MAX];
    unsigned count = sched_list_ready(tasks, SHOWN_TASKS_MAX), end = at.x + at.w, x;

    x = canvas_print(c, at.x, at.y, shade(KIND_INK, 2), "CPU ");
    if (task_current()->pid > PID_INIT)
        x = task_chip(c, x, at.y, task_current());
    else
        x = canvas_print(c, x, at.y, shade(KIND_INK, 2), "%s ", task_current()->name);
    x = canvas_print(c, x, at.y, shade(KIND_INK, 2), "next ");
    count = tasks_filter(tasks, count, is_program);
    chips_draw(c, (struct rect){ x, at.y, end - x, c->font.h }, tasks, count);
    at.y += c->font.h;
    x = canvas_print(c, at.x, at.y, shade(KIND_INK, 2), "wait ");
    count = tasks_filter(tasks, task_list_shown(tasks, SHOWN_TASKS_MAX), is_waiting);
    chips_draw(c, (struct rect){ x, at.y, end - x, c->font.h }, tasks, count);
}

void view_draw(struct canvas *c, const struct layout *l, struct frame_grid *grid,
               const struct view *view)
{
    canvas_fill(c, (struct rect){ 0, 0, c->w, c->h }, shade(KIND_PAPER, 3));
    frame_grid_scan(grid);
    head_draw(c, l->head, grid, view);
    frame_grid_draw(grid, c, view->hold);
    legend_draw(c, l->legend);
    if (view->walking)
        walk_draw(c, l->side, grid, view->picked, view->walk);
    else
        spaces_draw(c, l->side, view->picked);
    queue_draw(c, l->queue);
    events_draw(c, l->events);
    narration_draw(c, l->narration);
    canvas_flush(c);
}
