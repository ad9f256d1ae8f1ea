/*
 * Misconception: who waits is woken when something happens. Nothing ever happens
 * for those who only wait for time to pass.
 *
 * Fails: sleepers-in-order, all-are-woken, woken-anywhere
 */
err_t wait_sleep_unlock(struct wait_queue *q, uint64_t deadline, bool interrupts)
{
    struct task *task = task_current();
    err_t err;

    if (!wait_can_start_locked(deadline, &err)) {
        spin_unlock_irq(&sched_lock, interrupts);
        return err;
    }
    sched_sleep_locked(WAIT_FOREVER);
    list_push_back(&q->waiters, &task->queue_node);
    sched_switch_unlock(interrupts);
    return task->wake_reason;
}
