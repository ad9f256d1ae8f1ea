/*
 * Misconception: the CPU is told once where the kernel stack is. It is told where one
 * task's kernel stack is; from the second program on, all use that of the first.
 *
 * Fails: first-program
 */
static void sched_load(struct task *next)
{
    static bool told;

    as_switch_to(next->as);
    if (next->kstack && task_is_user(next) && !told) {
        cpu_set_kernel_stack(next->kstack);
        told = true;
    }
    if (!task_is_user(next))
        return;
    cpu_write_msr(MSR_FS_BASE, next->fs_base);
    cpu_write_msr(MSR_KERNEL_GS_BASE, next->gs_base);
    cpu_fxrstor(next->fpu);
}
