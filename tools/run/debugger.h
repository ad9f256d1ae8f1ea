/*
 * ./quire debug: gdb on the terminal, QEMU behind it, stopped at the kernel's
 * entry. They talk over a socket in the run's directory, so that several can
 * debug on one machine. With --server the socket is where the caller says, and
 * gdb is somebody else's: an editor's.
 */
#pragma once

#include "args.h"
#include "child.h"
#include "options.h"

/* Let QEMU wait for gdb before the first instruction. */
void debugger_add_stub(struct args *args, const struct run_options *options);

/* Say where a debugger is waited for. */
void debugger_announce(const struct run_options *options);

/* Start gdb with Quire's commands, on the terminal. */
void debugger_start(struct child *gdb, const struct run_options *options);
