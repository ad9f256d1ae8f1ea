/*
 * Misconception: segment bases are the same for all programs, as they come from the
 * same library. They belong to the program, which may set them as it likes.
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
    cpu_fxrstor(next->fpu);
}
