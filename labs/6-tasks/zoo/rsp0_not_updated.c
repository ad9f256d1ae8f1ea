/*
 * Misconception: context_switch changes the stack pointer, so the stack is
 * switched. Where the CPU finds a stack at the next entry from ring 3 is written in
 * the TSS and beside it, and still names the last task's.
 *
 * Fails: first-program
 */
static void sched_load(struct task *next)
{
    as_switch_to(next->as);
    if (!task_is_user(next))
        return;
    cpu_write_msr(MSR_FS_BASE, next->fs_base);
    cpu_write_msr(MSR_KERNEL_GS_BASE, next->gs_base);
    cpu_fxrstor(next->fpu);
}
