/*
 * The panic that teaches: message, registers, the faulting address walked
 * through all four levels, a backtrace with names, the current task. Then the
 * emulator ends with HOST_EXIT_PANIC.
 */
#pragma once

#include "arch/trap_frame.h"

/* Make this module what panic() calls (lib/panic.h). */
void panic_init(void);

/* panic() for an exception in the kernel: also reports frame. */
_Noreturn void panic_trap(const struct trap_frame *frame, const char *what);
