/*
 * What Bochs' CPU tells, and what becomes of it. Start reading in hooks.c at
 * the table of hooks.
 */
#pragma once

#include <stdbool.h>

/* Be told of each instruction before it is executed; costs much, so only while needed. */
void hooks_watch_fetches(bool on);
