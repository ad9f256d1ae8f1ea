/*
 * What each CPU has for itself, reached through GS: the kernel runs with
 * GS_BASE at its struct cpu, programs with their own value; SWAPGS exchanges
 * the two at ring changes and nowhere else.
 */
#pragma once

#include "arch/asm_constants.h"
#include "lib/types.h"

struct task;

/* (!) constant after init, (i) this CPU with interrupts off or preemption off */
struct cpu {
    struct cpu *self;       /* (!) so that one load gives the pointer */
    uint64_t kernel_rsp;    /* (i) top of the current task's kernel stack, for SYSCALL */
    uint64_t user_rsp;      /* (i) scratch of the SYSCALL entry */
    struct task *task;      /* (i) the current task; null before the scheduler runs */
    unsigned preempt_count; /* (i) 0: a kernel task may be switched away from */
    unsigned id;            /* (!) 0, 1, ... */
    uint32_t ranks_held;    /* (i) debug: one bit for each lock_rank held */
    bool need_resched;      /* (i) the quantum is over */
};

/* Known to trap_entry.S. */
#define CPU_KERNEL_RSP 8
#define CPU_USER_RSP   16
_Static_assert(offsetof(struct cpu, self) == 0, "cpu_this loads it");
_Static_assert(offsetof(struct cpu, kernel_rsp) == CPU_KERNEL_RSP, "SYSCALL entry");
_Static_assert(offsetof(struct cpu, user_rsp) == CPU_USER_RSP, "SYSCALL entry");

static inline struct cpu *cpu_this(void)
{
    struct cpu *cpu;

    asm volatile("movq %%gs:0, %0" : "=r"(cpu));
    return cpu;
}

/*
 * Make this CPU ready for C: struct cpu behind GS, GDT, TSS with its own stacks
 * for double fault, NMI and machine check. Before anything that takes a lock.
 */
void cpu_init(void);

/*
 * Where the CPU finds a stack when it leaves ring 3, by interrupt or SYSCALL.
 * top is aligned to 16. With interrupts off.
 */
void cpu_set_kernel_stack(void *top);

/* No switching away from a kernel task between the two; they nest. */
static inline void preempt_disable(void)
{
    cpu_this()->preempt_count++;
    asm volatile("" : : : "memory");
}

static inline void preempt_enable(void)
{
    asm volatile("" : : : "memory");
    cpu_this()->preempt_count--;
}
