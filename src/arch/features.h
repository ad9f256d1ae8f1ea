/*
 * CPU features that harden the kernel, switched on as early as C runs. Each is
 * used where the CPU has it; NX is required (the trampoline checks).
 */
#pragma once

#include "lib/types.h"

/* Read by trap_entry.S and user_access.S: may CLAC and STAC be executed? */
extern uint8_t cpu_has_smap;

/*
 * Set NX, WP, SMEP, SMAP, UMIP, SSE and SYSCALL in the control registers, and let
 * programs have alignment checks; syscall_entry is where SYSCALL goes.
 */
void features_enable(void (*syscall_entry)(void));

/* One line on the log: what is on, what the CPU lacks. */
void features_log(void);
