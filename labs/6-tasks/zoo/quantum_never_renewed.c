/*
 * Misconception: a quantum is counted down once. Nobody fills it up again, so after
 * a while each tick finds it at zero, and nobody is preempted any more.
 *
 * Fails: preempted, turns-in-order, turns-of-seven
 */
static unsigned quantum = 16;

void sched_tick(void)
{
    bool interrupts = spin_lock_irq(&sched_lock);
    struct sleeper *due;

    while ((due = sleep_queue_pop_due(&sleep_queue, clock_ns())))
        sched_wake_locked(CONTAINER_OF(due, struct task, sleeper), ERR_AGAIN);
    if (quantum > 0) {
        quantum--;
        if (!rq_empty(&run_queue))
            cpu_this()->need_resched = true;
    }
    spin_unlock_irq(&sched_lock, interrupts);
}
