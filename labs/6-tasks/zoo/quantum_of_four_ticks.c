/*
 * Misconception: a longer quantum means fewer switches, and is therefore better.
 * Here it means that an answer takes four times as long.
 *
 * Fails: turns-in-order, preempted, turns-of-seven
 */
static unsigned ticks;

void sched_tick(void)
{
    bool interrupts = spin_lock_irq(&sched_lock);
    struct sleeper *due;

    while ((due = sleep_queue_pop_due(&sleep_queue, clock_ns())))
        sched_wake_locked(CONTAINER_OF(due, struct task, sleeper), ERR_AGAIN);
    if (++ticks % 4 == 0 && !rq_empty(&run_queue))
        cpu_this()->need_resched = true;
    spin_unlock_irq(&sched_lock, interrupts);
}
