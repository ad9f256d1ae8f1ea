/* Small helpers of the host that are run to their end: cp, rm, quire-trace. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Run it, with its output thrown away. True if it ended with status 0. */
bool process_run(const char *const *argv);

/*
 * Run it and keep at most size - 1 bytes of its standard output, as text. Returns
 * its exit status, or -1 if it did not start or was killed.
 */
int process_read(const char *const *argv, char *out, size_t size);

/* Make a directory and those above it; false with errno set. */
bool process_make_directory(const char *path);
