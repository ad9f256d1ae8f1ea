/*
 * Misconception: fork returns the child's pid. In the parent it does; the child
 * must see 0, or both go the parent's way.
 *
 * Fails: child-runs
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
    cpu_fxsave(child->fpu);
    *task_frame(child) = *task_frame(parent);
    task_frame(child)->rax = (uint64_t)child->pid;
}
