/*
 * Segments and interrupt gates: what is left of segmentation in 64-bit mode.
 * GDT and TSS are loaded by cpu_init (arch/percpu.h).
 */
#pragma once

#include "lib/types.h"

/* Stacks in the TSS that the CPU takes whatever rsp is (SDM vol. 3A, "Interrupt Stack Table"). */
enum ist { IST_NONE, IST_DOUBLE_FAULT, IST_NMI, IST_MACHINE_CHECK };

/*
 * Set a vector's gate (SDM vol. 3A, "64-Bit IDT Gate Descriptors"): control goes to
 * entry in the kernel's code segment, with interrupts off, on the stack that ist
 * names (IST_NONE: the one in use, or that of ring 0). ring: the least privileged
 * ring that may call it by INT n; from any outside of it INT n is #GP.
 */
void idt_set(unsigned vector, void (*entry)(void), enum ist ist, unsigned ring);

/* Load the table on this CPU. */
void idt_load(void);

/* Replace one of the TSS's own stacks by one with a guard under it. */
void cpu_set_ist(enum ist ist, void *top);
