/*
 * Bochs' places for instrumentation: functions that its CPU calls at each step
 * and that do nothing in the distribution's build. A stub is filled by writing
 * a jump over it.
 */
#pragma once

#include <stdbool.h>

typedef void (*stub_handler_t)(void);

/* Let an empty function of Bochs jump to handler. Refuses a Bochs where it is not empty. */
void stub_fill(const char *symbol, stub_handler_t handler);

/* The same for a function of the debugger, which is replaced. */
void stub_replace(const char *symbol, stub_handler_t handler);

/* The same as stub_fill, but it stays empty until it is switched on. */
void stub_prepare(const char *symbol, stub_handler_t handler);
void stub_switch(const char *symbol, bool on);
