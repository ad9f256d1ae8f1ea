/* Times that programs pass to system calls. */
#pragma once

#include "lib/err.h"
#include "lib/types.h"

/*
 * When, in clock_ns() time, does the wait end that a program asks for? time is the
 * address of its timespec: a span, or if absolute a time of clock (CLOCK_*).
 * Errors: ERR_FAULT, ERR_NOMEM; ERR_INVAL for an unknown clock or an odd timespec.
 */
err_t time_deadline(int clock, bool absolute, vaddr_t time, uint64_t *deadline);
