/*
 * Spin locks with a global order.
 *
 * Every lock has a rank, and a CPU may take a lock only if its rank is higher
 * than that of every lock it holds: no two code paths can then wait for each
 * other. Debug builds check it on every spin_lock.
 *
 * A held spin lock keeps its CPU from switching tasks, not from taking
 * interrupts. Data that an interrupt handler touches is taken with
 * spin_lock_irq, which also keeps interrupts off.
 */
#pragma once

#include "lib/types.h"

enum lock_rank {
    LOCK_PIPE,   /* a pipe's ring and ends */
    LOCK_SPACES, /* the list of all address spaces */
    LOCK_AS,     /* an address space: VMAs and tables */
    LOCK_KSTACK, /* the kernel stack slots */
    LOCK_CACHE,  /* an object cache */
    LOCK_PMM,    /* frame table and free lists */
    LOCK_SCHED,  /* tasks, run queue, wait queues, sleepers (irq) */
    LOCK_LOG,    /* the log's devices (irq) */
    LOCK_RANKS
};

struct spinlock {
    unsigned locked;     /* (a) */
    enum lock_rank rank; /* (!) */
};

#define SPINLOCK_INIT(r)                                                                           \
    {                                                                                              \
        .locked = 0, .rank = (r)                                                                   \
    }

void spin_lock(struct spinlock *lock);
void spin_unlock(struct spinlock *lock);

/* As above with interrupts off; returns, and takes back, the interrupt flag from before. */
bool spin_lock_irq(struct spinlock *lock);
void spin_unlock_irq(struct spinlock *lock, bool interrupts_were_on);

/* Does this CPU hold the lock? For assertions. */
bool spin_held(const struct spinlock *lock);
