/*
 * Misconception: waiting is letting others go first until the condition holds. It
 * works, but the CPU never rests, and waiters take turns that others could use.
 *
 * Fails: one-cr3-a-switch, idle-halts, waits-without-spinning
 */
err_t wait_sleep_unlock(struct wait_queue *q, uint64_t deadline, bool interrupts)
{
    err_t err;

    (void)q;
    if (!wait_can_start_locked(deadline, &err)) {
        spin_unlock_irq(&sched_lock, interrupts);
        return err;
    }
    do {
        sched_make_ready_locked(task_current());
        sched_switch_unlock(interrupts);
        interrupts = spin_lock_irq(&sched_lock);
    } while (deadline != WAIT_FOREVER && wait_can_start_locked(deadline, &err));
    spin_unlock_irq(&sched_lock, interrupts);
    return deadline == WAIT_FOREVER ? ERR_OK : err;
}
