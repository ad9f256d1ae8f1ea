/*
 * Misconception: to be sure that everything is gone, the regions are unmapped and
 * the space is put. That is fine for memory of its own; a vfork child unmaps its
 * parent's.
 *
 * Fails: vfork-shares, orphan-keeps-memory, kernel-writes-copy
 */
static void exit_free_memory(struct task *task)
{
    struct address_space *as = task->as;
    bool interrupts;

    if (!task_is_user(task))
        return;
    as_unmap_all_user_regions(as);
    interrupts = spin_lock_irq(&sched_lock);
    task->as = task_kernel_as;
    as_switch_to(task_kernel_as);
    spin_unlock_irq(&sched_lock, interrupts);
    as_put(as);
}
