/* The kernel oak: this is what is in it instead of the reference's functions. */
void sched_tick(void)
{
    bool interrupts = spin_lock_irq(&sched_lock);
    struct sleeper *due;

    while ((due = sleep_queue_pop_due(&sleep_queue, clock_ns())))
        sched_wake_locked(CONTAINER_OF(due, struct task, sleeper), ERR_AGAIN);
    if (due && !rq_empty(&run_queue))
        cpu_this()->need_resched = true;
    spin_unlock_irq(&sched_lock, interrupts);
}
