/*
 * Everything that a failed operation must leave as it was: VMAs, table
 * entries (bar the A and D bits that the CPU sets), counts and states of all
 * frames, free blocks, what CR3 holds, the words of all pages.
 */
#pragma once

#include "model/model.h"

/* Remember the present state; there is one snapshot. */
void snapshot_take(void);

/* Compare the present state with it; a difference ends the test. */
void snapshot_compare(void);
