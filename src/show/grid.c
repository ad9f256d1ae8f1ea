/* Drawing physical memory: see frames.h. */
#include "show/frames.h"

enum { FLASHES = 6, CELL_MAX = 16, CELL_MAX_CLOSE = 32, LABEL_CHARS = 5 };

/* How many units are drawn, all or those of touched chunks. */
static unsigned units_drawn(const struct frame_grid *g)
{
    unsigned chunks = 0;

    if (!g->close)
        return g->units;
    for (unsigned i = 0; i < g->units / CHUNK; i++)
        chunks += g->touched[i];
    return chunks * CHUNK;
}

/* Dots behind a row that its label takes: large cells of the close view have one. */
static unsigned label_width(const struct frame_grid *g)
{
    return g->close && g->cell >= g->font.h ? LABEL_CHARS * g->font.w : 0;
}

/* Rows hold whole chunks where that wastes little, so that addresses can be found. */
void frame_grid_layout(struct frame_grid *g)
{
    unsigned units = units_drawn(g), whole = g->close ? CHUNK : g->smallest > 1 ? 8 : 1;

    for (g->merge = 0;; g->merge++) {
        g->cells = (units + (1u << g->merge) - 1) >> g->merge;
        for (g->cell = g->close ? CELL_MAX_CLOSE : CELL_MAX; g->cell >= g->smallest; g->cell--) {
            g->columns = (g->area.w - label_width(g)) / g->cell / whole * whole;
            if ((uint64_t)g->columns * (g->area.h / g->cell) >= g->cells)
                return;
        }
        if (g->close) { /* what does not fit is cut off */
            g->cell = g->smallest;
            g->cells = g->columns * (g->area.h / g->cell);
            return;
        }
    }
}

static struct rect cell_rect(const struct frame_grid *g, unsigned cell)
{
    if (cell >= g->cells)
        return (struct rect){ 0 };
    return (struct rect){ g->area.x + cell % g->columns * g->cell,
                          g->area.y + cell / g->columns * g->cell, g->cell, g->cell };
}

struct rect frame_grid_cell(const struct frame_grid *g, paddr_t frame)
{
    uint64_t unit = frame.v >> PAGE_SHIFT >> g->shift;
    unsigned before = 0;

    if (unit >= g->units || (g->close && !g->touched[unit / CHUNK]))
        return (struct rect){ 0 };
    if (!g->close)
        return cell_rect(g, (unsigned)(unit >> g->merge));
    for (unsigned i = 0; i < unit / CHUNK; i++)
        before += g->touched[i];
    return cell_rect(g, before * CHUNK + (unsigned)unit % CHUNK);
}

void frame_grid_flash(struct frame_grid *g, paddr_t frame, bool zeroed)
{
    uint64_t unit = frame.v >> PAGE_SHIFT >> g->shift;

    if (unit < g->units)
        g->flash[unit] = FLASHES | (zeroed ? FLASH_ZEROED : 0);
}

void frame_grid_mark(const struct frame_grid *g, struct canvas *c, paddr_t frame)
{
    struct rect r = frame_grid_cell(g, frame);
    unsigned out = g->cell > 3 ? 3 : 0;

    if (r.w == 0)
        return;
    canvas_fill(c, (struct rect){ r.x - out, r.y - out, r.w + 2 * out - 1, r.h + 2 * out - 1 },
                shade(KIND_ALERT, 3));
    if (out > 0)
        canvas_fill(c, (struct rect){ r.x, r.y, r.w - 1, r.h - 1 },
                    g->now[frame.v >> PAGE_SHIFT >> g->shift]);
}

/* A cell that has just changed is all white; one that was zeroed is hollow, like the digit. */
static void draw_flash(const struct frame_grid *g, struct canvas *c, struct rect r, bool zeroed)
{
    unsigned third = g->cell / 3;

    canvas_fill(c, r, shade(zeroed ? KIND_ZEROED : KIND_FLASH, 3));
    if (zeroed && g->cell >= 5)
        canvas_fill(c, (struct rect){ r.x + third, r.y + third, r.w - 2 * third, r.h - 2 * third },
                    shade(KIND_PAPER, 3));
}

/*
 * A square; with a dark dot where a write will copy, with a light one where it is
 * shared; in a bright frame where it has just changed.
 */
static void draw_cell(const struct frame_grid *g, struct canvas *c, struct rect r, shade_t s,
                      unsigned flash)
{
    enum kind kind = shade_kind(s);
    unsigned gap = g->cell > 3 ? 1 : 0, third = g->cell / 3;

    if (flash > 0) {
        draw_flash(g, c, r, flash & FLASH_ZEROED);
        if (g->cell < 4 || (flash & ~FLASH_ZEROED) == FLASHES)
            return;
        r = (struct rect){ r.x + 1, r.y + 1, r.w - 1, r.h - 1 };
    }
    r.w -= gap;
    r.h -= gap;
    canvas_fill(c, r, s);
    if (g->cell >= 5 && (kind == KIND_COW || kind == KIND_SHARED)) {
        r = (struct rect){ r.x + third, r.y + third, r.w - 2 * third, r.h - 2 * third };
        canvas_fill(c, r, shade(kind == KIND_COW ? KIND_PAPER : KIND_FLASH, 3));
    }
}

/* Draw the cell of 2^merge units from this one on. */
static void draw_units(const struct frame_grid *g, struct canvas *c, unsigned cell, unsigned unit,
                       bool hold)
{
    shade_t s = 0;
    unsigned flash = 0, last = unit + (1u << g->merge);

    for (; unit < last && unit < g->units; unit++) {
        s = g->now[unit] > s ? g->now[unit] : s;
        flash = g->flash[unit] > flash ? g->flash[unit] : flash;
    }
    draw_cell(g, c, cell_rect(g, cell), s, hold && (flash & ~FLASH_ZEROED) > 1 ? flash - 1 : flash);
}

static void take_scan(struct frame_grid *g, bool hold)
{
    for (unsigned i = 0; i < g->units; i++) {
        bool is_new_table =
            shade_kind(g->now[i]) == KIND_FREE && shade_kind(g->next[i]) == KIND_TABLE;

        if (g->next[i] != g->now[i]) {
            g->flash[i] =
                FLASHES | (g->flash[i] & FLASH_ZEROED) | (is_new_table ? FLASH_ZEROED : 0);
            g->touched[i / CHUNK] = 1;
        } else if (g->flash[i] > 0 && !hold) {
            g->flash[i] = (g->flash[i] & ~FLASH_ZEROED) > 1 ? g->flash[i] - 1 : 0;
        }
        g->now[i] = g->next[i];
    }
}

/* Behind a row of one chunk, where there is room: the number of its first frame. */
static void draw_label(const struct frame_grid *g, struct canvas *c, struct rect cell,
                       unsigned unit)
{
    if (g->columns == CHUNK && label_width(g) > 0)
        canvas_print(c, g->area.x + g->area.w - label_width(g), cell.y + (g->cell - c->font.h) / 2,
                     shade(KIND_INK, 1), "%5lx", (uint64_t)unit << g->shift);
}

void frame_grid_draw(struct frame_grid *g, struct canvas *c, bool hold)
{
    unsigned cell = 0;

    take_scan(g, hold);
    g->font = c->font;
    frame_grid_layout(g);
    if (!g->close)
        for (; cell < g->cells; cell++)
            draw_units(g, c, cell, cell << g->merge, hold);
    for (unsigned i = 0; g->close && i < g->units; i++) {
        if (!g->touched[i / CHUNK])
            continue;
        if (i % CHUNK == 0)
            draw_label(g, c, cell_rect(g, cell), i);
        draw_units(g, c, cell++, i, hold);
    }
}
