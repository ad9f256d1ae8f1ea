/*
 * Address spaces as bars: one line for each VMA, one unit of the bar for a page or
 * several. A unit is as high as it is writable, and has the colour of its frame.
 * Where the lines do not suffice, a process has one bar for all its VMAs.
 */
#pragma once

#include "show/canvas.h"

/*
 * Draw the processes into area, or as many as there is room for and the number of the
 * others. The picked one is always there, and the first that has all its VMAs.
 */
void spaces_draw(struct canvas *c, struct rect area, int picked);
