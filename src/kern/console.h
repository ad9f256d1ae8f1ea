/*
 * A program's standard streams. Output goes to the host at once, a write at a
 * time. Input is what the run's image brings along, or, if it brings none, what
 * a human types at COM1: line by line, byte 4 (Ctrl-D) ends it. To programs all
 * three look like pipes, so that a C library buffers as in a pipeline.
 */
#pragma once

#include "lib/err.h"
#include "lib/types.h"

struct file;

/* Errors: ERR_NOMEM. */
err_t console_open_input(struct file **out);
err_t console_open_output(char stream, struct file **out);

/* Is it standard output as it goes to the host? */
bool console_is_output(const struct file *file);

/* Must poll() look again by itself, because the input says nothing when it comes? */
bool console_is_interactive(const struct file *file);

enum { CONSOLE_POLL_NS = 10 * 1000 * 1000 }; /* how often to look for input */
