/*
 * Misconception: the stack and the registers make the task. The next program goes
 * on in the memory of the one before it.
 *
 * Fails: children-run, turns-in-order, preempted, sleepers-in-order,
 * numbers-go-round, turns-of-seven, woken-anywhere
 */
static void sched_load(struct task *next)
{
    if (next->kstack)
        cpu_set_kernel_stack(next->kstack);
    if (!task_is_user(next))
        return;
    cpu_write_msr(MSR_FS_BASE, next->fs_base);
    cpu_write_msr(MSR_KERNEL_GS_BASE, next->gs_base);
    cpu_fxrstor(next->fpu);
}
