/*
 * Pipes: 64 KiB of bytes between two open files (pipe(7)). Writes of up to
 * PIPE_BUF bytes are never mixed with others. A pipe holds as many frames as it
 * holds bytes, rounded up; an empty one holds none.
 */
#pragma once

#include "lib/err.h"

struct file;

enum { PIPE_CAPACITY = 65536, PIPE_BUF = 4096 };

/* Make a pipe; end[0] is for reading, end[1] for writing. flags: O_NONBLOCK. Errors: ERR_NOMEM. */
err_t pipe_new(unsigned flags, struct file *end[2]);
