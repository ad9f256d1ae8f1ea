/* Sleeping and waking: see wait_queue.h. */
#include "sched/wait_queue.h"

#include "arch/timer.h"
#include "sched/sched.h"
#include "sched/signal.h"
#include "sched/task.h"

static bool wait_can_start_locked(uint64_t deadline, err_t *why_not)
{
    if (signal_is_due_locked(task_current()))
        *why_not = ERR_INTR;
    else if (deadline <= clock_ns())
        *why_not = ERR_AGAIN;
    else
        return true;
    return false;
}

err_t wait_sleep_unlock(struct wait_queue *q, uint64_t deadline, bool interrupts)
{
    struct task *task = task_current();
    err_t err;

    if (!wait_can_start_locked(deadline, &err)) {
        spin_unlock_irq(&sched_lock, interrupts);
        return err;
    }
    sched_sleep_locked(deadline);
    list_push_back(&q->waiters, &task->queue_node);
    sched_switch_unlock(interrupts);
    return task->wake_reason;
}

err_t wait_sleep(struct wait_queue *q, struct spinlock *lock, uint64_t deadline)
{
    bool interrupts = spin_lock_irq(&sched_lock);
    err_t err;

    if (lock)
        spin_unlock(lock);
    err = wait_sleep_unlock(q, deadline, interrupts);
    if (lock)
        spin_lock(lock);
    return err;
}

err_t wait_until(uint64_t deadline)
{
    static struct wait_queue nobody = WAIT_QUEUE_INIT(nobody);
    err_t err = wait_sleep(&nobody, NULL, deadline);

    return err == ERR_AGAIN ? ERR_OK : err;
}

void wait_wake_all_locked(struct wait_queue *q)
{
    LIST_FOR_EACH (node, next, &q->waiters)
        sched_wake_locked(CONTAINER_OF(node, struct task, queue_node), ERR_OK);
}

void wait_wake_all(struct wait_queue *q)
{
    bool interrupts = spin_lock_irq(&sched_lock);

    wait_wake_all_locked(q);
    spin_unlock_irq(&sched_lock, interrupts);
}
