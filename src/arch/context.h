/*
 * Switching kernel stacks. What a task keeps while it does not run is on its
 * stack, lowest address first:
 *
 *     r15 r14 r13 r12 rbx rbp  return address        <- the saved rsp points to r15
 *
 * All other registers are the caller's to save (System V ABI, "Registers").
 */
#pragma once

#include "lib/types.h"

/*
 * Save this context's stack pointer in *save_rsp and continue the one saved as
 * load_rsp, with interrupts off. Returns when somebody switches back.
 */
void context_switch(uint64_t *save_rsp, uint64_t load_rsp);

/*
 * Prepare a stack, whose top is aligned to 16, such that the first switch to the
 * returned rsp calls entry(arg), with interrupts off. entry must not return.
 */
uint64_t context_init(void *stack_top, void (*entry)(void *), void *arg);
