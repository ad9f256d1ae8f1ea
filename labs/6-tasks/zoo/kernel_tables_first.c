/*
 * Misconception: to be safe, a switch goes by way of the kernel's own tables. Each
 * switch then loads CR3 twice, and a task that is alone loses its translations.
 *
 * Fails: one-cr3-a-switch
 */
static void sched_load(struct task *next)
{
    as_switch_to(task_kernel_as);
    as_switch_to(next->as);
    if (next->kstack)
        cpu_set_kernel_stack(next->kstack);
    if (!task_is_user(next))
        return;
    cpu_write_msr(MSR_FS_BASE, next->fs_base);
    cpu_write_msr(MSR_KERNEL_GS_BASE, next->gs_base);
    cpu_fxrstor(next->fpu);
}
