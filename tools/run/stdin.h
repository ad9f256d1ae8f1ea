/*
 * The program's standard input. A file or pipe is read to its end before the
 * machine starts, so that a run is the same every time; a terminal is passed
 * on as it is typed.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct stdin_data {
    bool interactive; /* a terminal: nothing is read ahead */
    char *bytes;      /* otherwise all of it */
    size_t len;
};

enum { STDIN_MAX = 16 << 20 };

/*
 * Read it, unless it is a terminal and terminals_interact. False when the
 * runner shall stop instead; more than STDIN_MAX bytes end the run.
 */
bool stdin_read(struct stdin_data *in, bool terminals_interact);
