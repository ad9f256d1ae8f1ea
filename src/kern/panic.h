/*
 * The panic that teaches: message, registers, the faulting address walked
 * through all four levels, a backtrace with names, the current task. Then the
 * emulator ends with HOST_EXIT_PANIC.
 *
 * Everything the report reads may be broken. It reads through user_copy, whose
 * faults the trap handler forgives while a panic runs.
 */
#pragma once

#include "arch/trap_frame.h"

/* Make this module what panic() calls (lib/panic.h). Needs trap_init. */
void panic_init(void);

/*
 * The end of an exception that the kernel cannot go on from. fault_addr: CR2,
 * read before anything else could fault.
 */
_Noreturn void panic_trap(const struct trap_frame *frame, uint64_t fault_addr);

/* Is the report being written? */
bool panic_is_running(void);
