/*
 * Misconception: the tick ends the quantum, so it puts the running task at the tail
 * of the queue. schedule, which runs on the way out of the interrupt, does that
 * too: the task's one node is linked twice.
 *
 * Fails: children-run, turns-in-order, preempted, sleepers-in-order, turns-of-seven,
 * woken-anywhere
 * Perhaps: numbers-go-round, all-are-woken
 */
void sched_tick(void)
{
    bool interrupts = spin_lock_irq(&sched_lock);
    struct sleeper *due;

    while ((due = sleep_queue_pop_due(&sleep_queue, clock_ns())))
        sched_wake_locked(CONTAINER_OF(due, struct task, sleeper), ERR_AGAIN);
    if (!rq_empty(&run_queue)) {
        if (task_current() != &idle)
            rq_push(&run_queue, &task_current()->queue_node);
        cpu_this()->need_resched = true;
    }
    spin_unlock_irq(&sched_lock, interrupts);
}
