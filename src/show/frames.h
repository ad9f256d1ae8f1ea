/*
 * All of physical memory as a grid of cells, read from the frame table and from the
 * page tables of all processes.
 *
 *     frames  --2^shift-->  units, what is remembered  --2^merge-->  cells, what is drawn
 *
 * Up to 1 GiB a unit is one frame. Where several become one, the greatest shade wins
 * (shade.h). The whole view draws all units, merged as far as it takes; the close view
 * leaves out every chunk of units that has never changed, and merges nothing.
 *
 * frames.c reads, grid.c draws.
 */
#pragma once

#include "arch/paging.h"
#include "show/canvas.h"

enum {
    CHUNK = 16,          /* units that are drawn or left out together */
    FLASH_ZEROED = 0x80, /* besides, in flash: it was filled with zeroes */
};

struct frame_grid {
    const struct boot_info *info;
    unsigned shift;      /* log2 of the frames in a unit */
    unsigned units;      /* a multiple of CHUNK */
    shade_t *now, *next; /* of each unit: as last drawn, and as it is */
    uint8_t *flash;      /* of each unit: how many more times it is drawn as changed */
    uint8_t *touched;    /* of each chunk: it has changed since the map began */

    struct rect area; /* dots that cells and labels may have */
    struct font font; /* of the close view's labels; as last drawn */
    unsigned smallest;
    bool close;
    unsigned cell, columns; /* dots of a cell with the gap behind it; cells in a row */
    unsigned merge;         /* log2 of the units in a cell */
    unsigned cells;
};

/* The machine's RAM, for an area, in cells of at least `smallest` dots. Errors: ERR_NOMEM. */
err_t frame_grid_init(struct frame_grid *g, const struct boot_info *info, struct rect area,
                      unsigned smallest);

/* Read all frames and page tables. Wants no lock held. */
void frame_grid_scan(struct frame_grid *g);

/* What a leaf of this process says about one of its frames. */
shade_t frame_leaf_shade(pte_t leaf, paddr_t frame, int pid);

/* Choose the largest cells with which what is to be drawn fits into the area. */
void frame_grid_layout(struct frame_grid *g);

/* Lay out and draw what the last scan has read; hold: what has changed last stays marked. */
void frame_grid_draw(struct frame_grid *g, struct canvas *c, bool hold);

/* Mark a frame as changed, or as zeroed: what a scan finds to be a new table is so anyway. */
void frame_grid_flash(struct frame_grid *g, paddr_t frame, bool zeroed);

/* Where the cell of a frame is; w is 0 for one that is not drawn. */
struct rect frame_grid_cell(const struct frame_grid *g, paddr_t frame);

/* Draw a frame around the cell of a frame, so that it can be found. */
void frame_grid_mark(const struct frame_grid *g, struct canvas *c, paddr_t frame);
