/*
 * Panics on purpose, for the tests of panic: `crash=KIND` on the kernel's command
 * line.
 */
#pragma once

#include "lib/err.h"

/* Start a kernel task that provokes kind. Errors: ERR_NOENT for an unknown one, ERR_NOMEM. */
err_t crash_start(const char *kind);
