/*
 * All of physical memory as a grid of cells, read from the frame table and from the
 * page tables of all processes. A cell stands for 2^shift frames, and shows the one
 * among them whose shade is the greatest (shade.h).
 */
#pragma once

#include "arch/paging.h"
#include "show/canvas.h"

struct frame_grid {
    struct rect at;          /* dots: cells and nothing else */
    unsigned cell;           /* dots, with the gap behind it */
    unsigned columns, count; /* cells */
    unsigned shift;          /* log2 of the frames in a cell */
    shade_t *now, *next;     /* of each cell: as last drawn, and as it is */
    uint8_t *flash;          /* how many more times it is drawn as changed */
    const struct boot_info *info;
};

/* The largest cells with which the frames fit into area; `smallest` dots at least. */
void frame_grid_shape(struct frame_grid *g, struct rect area, uint64_t frames, unsigned smallest);

/* The grid of the machine's RAM. Errors: ERR_NOMEM. */
err_t frame_grid_init(struct frame_grid *g, const struct boot_info *info, struct rect area,
                      unsigned smallest);

/* Read all frames and page tables. Wants no lock held. */
void frame_grid_scan(struct frame_grid *g);

/* Draw; hold: what has changed last stays marked. */
void frame_grid_draw(struct frame_grid *g, struct canvas *c, bool hold);

/* Mark the cell of a frame. */
void frame_grid_flash(struct frame_grid *g, paddr_t frame);

/* Where the cell of a frame is; w is 0 for one that is not in the grid. */
struct rect frame_grid_cell(const struct frame_grid *g, paddr_t frame);

/* Draw a frame around the cell of a frame, so that it can be found. */
void frame_grid_mark(const struct frame_grid *g, struct canvas *c, paddr_t frame);

/* What a leaf of this process says about one of its frames. */
shade_t frame_leaf_shade(pte_t leaf, paddr_t frame, int pid);
