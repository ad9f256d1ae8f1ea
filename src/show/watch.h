/*
 * From what the kernel does to events, by looking at its structures before and
 * after. Nothing here changes anything or waits.
 */
#pragma once

#include "lib/types.h"

struct task;
struct trap_frame;

/* A page fault is about to be handled; and it was, or the task was switched away from. */
void watch_fault_begin(void);
void watch_fault_end(void);

/* A system call has returned, with its number and arguments as they were. */
void watch_call(uint64_t number, const struct trap_frame *frame);

/* A task was switched to; from may be a zombie. */
void watch_switch(const struct task *from);

/* The frames of the last event, for marking; 0: none. */
paddr_t watch_last_frame(void);

/* Was that event the filling of the frame with zeroes? */
bool watch_last_is_zeroed(void);

/* Where the last fault was, and whose; *pid stays as it is if there was none. */
vaddr_t watch_last_fault(int *pid);
