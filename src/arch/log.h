/*
 * The kernel's log: whole lines to COM1 and, framed, to the host
 * (arch/hoststream.h). Callable from anywhere once log_init has run, with any
 * lock held and from interrupts. A line over 240 bytes is cut.
 */
#pragma once

#include "lib/types.h"

#include <stdarg.h>

enum { LOG_LINE_MAX = 240 };

/* After cpu_init. */
void log_init(void);

/* Write one line; the newline is added. Locks: LOCK_LOG. */
void klog(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* For a panic: forget who holds the log's devices, for good. */
void log_take_over(void);
