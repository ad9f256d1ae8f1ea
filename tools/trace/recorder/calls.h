/*
 * Calls and returns at chosen symbols.
 */
#pragma once

#include <stdint.h>

/* Take the list of symbols from the setup. */
void calls_init(void);

/* Control came to an address by CALL, or by a jump from the end of another function. */
void calls_enter(uint64_t to);

/* Control came to an address by RET. */
void calls_leave(uint64_t to);
