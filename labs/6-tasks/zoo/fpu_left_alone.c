/*
 * Misconception: the kernel does not use SSE registers, so they stay as they are.
 * The next program does use them.
 *
 * Fails: registers-kept, registers-kept-anywhere
 */
static void sched_load(struct task *next)
{
    as_switch_to(next->as);
    if (next->kstack)
        cpu_set_kernel_stack(next->kstack);
    if (!task_is_user(next))
        return;
    cpu_write_msr(MSR_FS_BASE, next->fs_base);
    cpu_write_msr(MSR_KERNEL_GS_BASE, next->gs_base);
}
