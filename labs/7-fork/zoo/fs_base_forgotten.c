/*
 * Misconception: all registers of a program are in its trap frame. FS base is not,
 * and the C library finds its own data through it.
 *
 * Fails: child-runs
 */
static void fork_copy_state(const struct task *parent, struct task *child)
{
    memcpy(child->name, parent->name, sizeof(child->name));
    child->gs_base = parent->gs_base;
    child->brk_start = parent->brk_start;
    child->brk = parent->brk;
    child->exe = parent->exe;
    child->signal = parent->signal;
    child->signal.pending = 0;
    cpu_fxsave(child->fpu);
    *task_frame(child) = *task_frame(parent);
    task_frame(child)->rax = 0;
}
