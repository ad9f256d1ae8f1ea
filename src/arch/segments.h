/*
 * Segments and interrupt gates: what is left of segmentation in 64-bit mode.
 * GDT and TSS are loaded by cpu_init (arch/percpu.h).
 */
#pragma once

#include "lib/types.h"

/* Stacks in the TSS that the CPU takes whatever rsp is (SDM vol. 3A, "Interrupt Stack Table"). */
enum ist { IST_NONE, IST_DOUBLE_FAULT, IST_NMI, IST_MACHINE_CHECK };

/* Interrupt gates keep interrupts off; ring: the lowest privilege that may INT to it. */
void idt_set(unsigned vector, void (*entry)(void), enum ist ist, unsigned ring);

/* Load the table on this CPU. */
void idt_load(void);

/* Replace one of the TSS's own stacks by one with a guard under it. */
void cpu_set_ist(enum ist ist, void *top);
