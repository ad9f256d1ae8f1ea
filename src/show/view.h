/*
 * The picture: where each part stands, and drawing all of it.
 *
 *     +--------------------------------------------+
 *     | head: memory, and what the map itself does |
 *     +------------------------+-------------------+
 *     | grid of frames         | address spaces,   |
 *     |                        | or a walk         |
 *     |                        +-------------------+
 *     |                        | run queue         |
 *     +------------------------+-------------------+
 *     | legend                                     |
 *     +--------------------------------------------+
 *     | events                                     |
 *     +--------------------------------------------+
 *     | narration                                  |
 *     +--------------------------------------------+
 */
#pragma once

#include "show/frames.h"

struct layout {
    struct rect head, grid, legend, side, queue, events, narration;
};

/* What the keys have chosen. */
struct view {
    const char *state; /* "running", "paused", ... */
    bool alert;        /* the state is worth a look */
    bool hold;         /* marks of changes stay */
    int picked;        /* pid */
    bool walking;
    vaddr_t walk;
};

void layout_shape(struct layout *l, const struct canvas *c);

/* Read everything and draw it. Wants no lock held. */
void view_draw(struct canvas *c, const struct layout *l, struct frame_grid *grid,
               const struct view *view);
