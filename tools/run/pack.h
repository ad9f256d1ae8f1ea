/*
 * What travels into the machine, as one cpio archive ("newc"):
 *
 *     .quire/args    PROG and its arguments, each ended by a zero byte
 *     .quire/env     K=V, each ended by a zero byte
 *     .quire/stdin   standard input; no such entry: interactive, over COM1
 *     other names    the program and --file's, by their path in the guest
 *
 * The same input gives the same bytes: there are no times or owners in it.
 */
#pragma once

#include "options.h"
#include "stdin.h"

/* Write the archive to path. Exits with 125 and one line on failure. */
void pack_write(const char *path, const struct run_options *options, const struct stdin_data *in);
