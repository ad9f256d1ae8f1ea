/* An address on its way through the four levels of page tables. */
#pragma once

#include "show/canvas.h"

struct frame_grid;

/* Draw the walk of va in the address space of this process; its frames are marked in the grid. */
void walk_draw(struct canvas *c, struct rect area, const struct frame_grid *grid, int pid,
               vaddr_t va);
