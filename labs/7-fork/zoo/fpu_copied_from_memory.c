/*
 * Misconception: a task's FPU registers are in its struct task. While a task runs
 * they are in the CPU, and the struct has those of its last switch.
 *
 * Fails: fpu-goes-along
 */
static void fork_copy_state(const struct task *parent, struct task *child)
{
    memcpy(child->name, parent->name, sizeof(child->name));
    child->fs_base = parent->fs_base;
    child->gs_base = parent->gs_base;
    child->brk_start = parent->brk_start;
    child->brk = parent->brk;
    child->exe = parent->exe;
    child->signal = parent->signal;
    child->signal.pending = 0;
    memcpy(child->fpu, parent->fpu, sizeof(child->fpu));
    *task_frame(child) = *task_frame(parent);
    task_frame(child)->rax = 0;
}
