/*
 * Every entry into the kernel: exceptions, interrupts, SYSCALL. trap_entry.S
 * saves the registers, trap.c decides.
 */
#pragma once

#include "arch/trap_frame.h"

/* Fill the IDT and load it. */
void trap_init(void);

/* From trap_entry.S, interrupts off. Returns to continue at the frame, which may have changed. */
void trap_handler(struct trap_frame *frame);

/*
 * What the entries really call: trap_handler, and syscall_entry (kern/syscall.h). Who
 * wants to watch (src/show) puts itself in front. A call through a pointer is one
 * instruction like any other, so that nothing is lost while nobody watches.
 */
extern void (*trap_hook)(struct trap_frame *frame);    /* (!) */
extern void (*syscall_hook)(struct trap_frame *frame); /* (!) */

/* Continue at a frame on the current kernel stack (or above it): to ring 3 or ring 0. */
_Noreturn void trap_return(struct trap_frame *frame);

/* Where SYSCALL goes (LSTAR); not a function to call. */
void trap_syscall_entry(void);

/* Entry points of the vectors, from trap_entry.S, TRAP_STUB_SIZE bytes each. */
extern char trap_stubs[];
