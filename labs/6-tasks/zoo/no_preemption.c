/*
 * Misconception: tasks give up the CPU when they wait, and that is enough. A
 * program that only computes never waits.
 *
 * Fails: turns-in-order, preempted, turns-of-seven
 */
void sched_tick(void)
{
    bool interrupts = spin_lock_irq(&sched_lock);
    struct sleeper *due;

    while ((due = sleep_queue_pop_due(&sleep_queue, clock_ns())))
        sched_wake_locked(CONTAINER_OF(due, struct task, sleeper), ERR_AGAIN);
    spin_unlock_irq(&sched_lock, interrupts);
}
