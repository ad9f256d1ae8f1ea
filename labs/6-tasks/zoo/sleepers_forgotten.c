/*
 * Misconception: a tick is about the quantum. Nobody else looks at the clock on
 * behalf of those who sleep.
 *
 * Fails: sleepers-in-order, all-are-woken, woken-anywhere
 */
void sched_tick(void)
{
    bool interrupts = spin_lock_irq(&sched_lock);

    if (!rq_empty(&run_queue))
        cpu_this()->need_resched = true;
    spin_unlock_irq(&sched_lock, interrupts);
}
