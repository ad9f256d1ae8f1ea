/*
 * Misconception: the first of the sleepers is the one that is due. It is the one
 * that is due first, which may be much later.
 *
 * Fails: slept-long-enough
 */
void sched_tick(void)
{
    bool interrupts = spin_lock_irq(&sched_lock);
    struct sleeper *due = sleep_queue_pop_due(&sleep_queue, UINT64_MAX);

    if (due)
        sched_wake_locked(CONTAINER_OF(due, struct task, sleeper), ERR_AGAIN);
    if (!rq_empty(&run_queue))
        cpu_this()->need_resched = true;
    spin_unlock_irq(&sched_lock, interrupts);
}
