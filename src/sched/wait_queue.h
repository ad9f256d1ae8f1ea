/*
 * Wait queues: tasks that sleep until somebody says that something changed.
 *
 *     waiter                                waker
 *     spin_lock(&pipe->lock);               spin_lock(&pipe->lock);
 *     while (pipe is empty)                 put bytes into the pipe
 *         wait_sleep(&queue, &pipe->lock)   wait_wake_all(&queue);
 *     take bytes                            spin_unlock(&pipe->lock);
 *     spin_unlock(&pipe->lock);
 *
 * wait_sleep puts the task on the queue before it lets go of the caller's lock:
 * once the waiter holds the lock and sees an empty pipe, no wake-up can be
 * missed. A waiter always looks again, for others may have been quicker.
 */
#pragma once

#include "lib/err.h"
#include "lib/list.h"
#include "lib/types.h"

struct spinlock;

struct wait_queue {
    struct list_node waiters; /* (s) tasks, by queue_node */
};

#define WAIT_QUEUE_INIT(q)                                                                         \
    {                                                                                              \
        .waiters = { &(q).waiters, &(q).waiters }                                                  \
    }

#define WAIT_FOREVER UINT64_MAX

static inline void wait_queue_init(struct wait_queue *q)
{
    list_init(&q->waiters);
}

/*
 * Sleep until woken, until clock_ns() reaches deadline, or until a signal must
 * be acted on. lock, which may be null, is the only lock held; it is let go
 * while the task sleeps and held again on return.
 * Errors: ERR_AGAIN at the deadline, ERR_INTR for a signal.
 * Locks: LOCK_SCHED.
 */
err_t wait_sleep(struct wait_queue *q, struct spinlock *lock, uint64_t deadline);

/* Sleep until clock_ns() reaches deadline: ERR_OK; ERR_INTR for a signal. Locks: LOCK_SCHED. */
err_t wait_until(uint64_t deadline);

/* Make all waiters ready, in the order they came. Locks: LOCK_SCHED. */
void wait_wake_all(struct wait_queue *q);

/* The same with the scheduler's lock held. */
void wait_wake_all_locked(struct wait_queue *q);

/*
 * wait_sleep for a caller that holds the scheduler's lock instead of one of its
 * own; the lock is released on return. Does not sleep if a signal must be acted on
 * (signal_is_due_locked) or the deadline has come. Who wakes the task says why by
 * its wake_reason. interrupts: what spin_lock_irq returned.
 */
err_t wait_sleep_unlock(struct wait_queue *q, uint64_t deadline, bool interrupts);
