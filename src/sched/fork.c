/* fork: a child that differs from its parent in rax and its pid. */
#include "arch/cpu.h"
#include "arch/trap_frame.h"
#include "lib/string.h"
#include "sched/task.h"
#include "sched/task_internal.h"
#include "vm/address_space.h"
#include "vm/user_copy.h"

/* A child's first steps, on its own stack and in its own address space. */
static void fork_run_child(void *arg)
{
    struct task *task = arg;
    struct trap_frame *frame = task_frame(task);

    sched_finish_switch(true);
    if (task->set_child_tid)
        (void)copy_to_user(task->set_child_tid, &task->pid, sizeof(task->pid));
    task->entry(frame);
}

/*
 * What the child has of its parent, besides memory: name, FS and GS base, heap
 * limits, exe, signal masks, but no pending signals; the FPU registers; and the trap
 * frame, in which the child's system call returns 0.
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
    /* The parent runs: its registers are in the CPU, not in parent->fpu. */
    cpu_fxsave(child->fpu);
    *task_frame(child) = *task_frame(parent);
    task_frame(child)->rax = 0;
}

/* A clone of the address space, or one more reference to it. Errors: ERR_NOMEM. */
static err_t fork_memory(const struct task_clone *how, struct address_space *as,
                         struct address_space **out)
{
    if (!how->share_memory)
        return as_clone_cow(as, out);
    *out = as_get(as);
    return ERR_OK;
}

err_t task_fork(const struct task_clone *how, struct task **out)
{
    struct task *parent = task_current();
    struct task *child;
    err_t err = task_alloc(&child);

    if (err)
        return err;
    err = fork_memory(how, parent->as, &child->as);
    if (err) {
        task_discard(child);
        return err;
    }
    fork_copy_state(parent, child);
    child->vfork_pending = parent->vfork_waits = how->vfork;
    child->entry = how->entry;
    task_prepare(child, fork_run_child);
    *out = child;
    return ERR_OK;
}
