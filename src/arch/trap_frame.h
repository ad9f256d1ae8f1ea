/*
 * What a program's or the kernel's registers were when it was interrupted, as
 * kern/trap_entry.S leaves them on the kernel stack, lowest address first:
 *
 *     r15 r14 r13 r12 r11 r10 r9 r8 rbp rdi rsi rdx rcx rbx rax   pushed by the entry
 *     vector                                                      by the vector's stub
 *     error                                                       by the CPU, or 0 by the stub
 *     rip cs rflags rsp ss                                        by the CPU
 *
 * SYSCALL builds the same frame with TRAP_SYSCALL as its vector, the number in
 * rax, rcx = rip and r11 = rflags, as the instruction leaves them.
 */
#pragma once

#include "arch/asm_constants.h"
#include "lib/types.h"

struct trap_frame {
    uint64_t r15, r14, r13, r12, r11, r10, r9, r8;
    uint64_t rbp, rdi, rsi, rdx, rcx, rbx, rax;
    uint64_t vector, error;
    uint64_t rip, cs, rflags, rsp, ss;
};

_Static_assert(sizeof(struct trap_frame) == 176, "trap_entry.S; keeps the stack aligned to 16");
_Static_assert(offsetof(struct trap_frame, rip) == FRAME_RIP, "trap_entry.S");
_Static_assert(offsetof(struct trap_frame, cs) == FRAME_CS, "trap_entry.S");

/* SDM vol. 3A, "Exception and Interrupt Vectors". */
enum trap_vector {
    TRAP_DIVIDE = 0,
    TRAP_DEBUG = 1,
    TRAP_NMI = 2,
    TRAP_BREAKPOINT = 3,
    TRAP_OVERFLOW = 4,
    TRAP_BOUND = 5,
    TRAP_UNDEFINED = 6,
    TRAP_NO_FPU = 7,
    TRAP_DOUBLE_FAULT = 8,
    TRAP_TSS = 10,
    TRAP_SEGMENT = 11,
    TRAP_STACK = 12,
    TRAP_PROTECTION = 13,
    TRAP_PAGE = 14,
    TRAP_FPU = 16,
    TRAP_ALIGNMENT = 17,
    TRAP_MACHINE_CHECK = 18,
    TRAP_SIMD = 19,
    TRAP_CONTROL = 21,
    TRAP_IRQ = 32, /* and 15 more: the PICs' lines */
    TRAP_VECTORS = 48,
    /* TRAP_SYSCALL is no vector: the SYSCALL entry makes it up (asm_constants.h). */
};

/* Error code of a page fault (SDM vol. 3A, "Page-Fault Exceptions"). */
enum page_fault_bits {
    PF_PRESENT = 0x1, /* the entry was present: a right was missing */
    PF_WRITE = 0x2,
    PF_USER = 0x4,     /* from ring 3 */
    PF_RESERVED = 0x8, /* a reserved bit was set in a table */
    PF_FETCH = 0x10,   /* instruction fetch */
};

/* Segment selectors; the order is SYSRET's: stack at base + 8, code at base + 16. */
enum selector {
    SEL_KERNEL_CODE = 0x08,
    SEL_KERNEL_DATA = 0x10,
    SEL_SYSRET_BASE = 0x13,
    /* SEL_USER_DATA and SEL_USER_CODE follow (asm_constants.h). */
    SEL_TSS = 0x28,
};
_Static_assert(SEL_USER_DATA == SEL_SYSRET_BASE + 8 && SEL_USER_CODE == SEL_SYSRET_BASE + 16,
               "SDM vol. 2B, SYSRET");

static inline bool trap_from_user(const struct trap_frame *frame)
{
    return frame->cs & 3;
}
