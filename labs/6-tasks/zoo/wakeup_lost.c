/*
 * Misconception: first go to sleep, then write oneself down. The waker looks at a
 * queue on which nobody stands yet, and the sleeper never comes to the second step.
 *
 * Fails: parent-ends, sleepers-in-order, numbers-go-round, woken-anywhere
 */
err_t wait_sleep_unlock(struct wait_queue *q, uint64_t deadline, bool interrupts)
{
    struct task *task = task_current();
    err_t err;

    if (!wait_can_start_locked(deadline, &err)) {
        spin_unlock_irq(&sched_lock, interrupts);
        return err;
    }
    sched_sleep_locked(deadline);
    sched_switch_unlock(interrupts);
    list_push_back(&q->waiters, &task->queue_node);
    return task->wake_reason;
}
