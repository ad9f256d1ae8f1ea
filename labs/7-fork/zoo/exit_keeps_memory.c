/*
 * Misconception: a process that has ended does not run, so it needs no memory, so
 * there is nothing to do. Nobody else will give it back.
 *
 * Fails: nothing-lost
 */
static void exit_free_memory(struct task *task)
{
    bool interrupts;

    if (!task_is_user(task))
        return;
    interrupts = spin_lock_irq(&sched_lock);
    task->as = task_kernel_as;
    as_switch_to(task_kernel_as);
    spin_unlock_irq(&sched_lock, interrupts);
}
