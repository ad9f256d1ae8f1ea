/* System calls that make, end and wait for processes, and say who they are. */
#include "arch/cpu.h"
#include "arch/layout.h"
#include "kern/linux.h"
#include "kern/process.h"
#include "kern/syscall.h"
#include "sched/sched.h"
#include "sched/task.h"
#include "vm/user_copy.h"

/* What clone was asked for; fork and vfork are special cases. */
struct clone_request {
    uint64_t flags;
    vaddr_t stack; /* 0: the parent's */
    vaddr_t parent_tid, child_tid;
    uint64_t tls;
};

static void clone_adjust_child(const struct clone_request *request, struct task *child)
{
    child->exit_signal = (int)(request->flags & CLONE_SIGNAL_MASK);
    if (request->stack)
        task_frame(child)->rsp = request->stack;
    if (request->flags & CLONE_SETTLS)
        child->fs_base = request->tls;
    if (request->flags & CLONE_CHILD_SETTID)
        child->set_child_tid = request->child_tid;
}

static err_t clone_make_child(const struct clone_request *request, struct task **out)
{
    const struct task_clone how = {
        .share_memory = request->flags & CLONE_VM,
        .vfork = request->flags & CLONE_VFORK,
        .entry = process_enter,
    };
    err_t err = task_fork(&how, out);

    if (err)
        return err;
    err = process_clone(task_current()->process, &(*out)->process);
    if (err)
        task_discard(*out);
    else
        clone_adjust_child(request, *out);
    return err;
}

static int64_t clone_run(const struct clone_request *request)
{
    struct task *child;
    int pid;
    err_t err = clone_make_child(request, &child);

    if (err)
        return err;
    pid = child->pid;
    if (request->flags & CLONE_PARENT_SETTID)
        (void)copy_to_user(request->parent_tid, &pid, sizeof(pid));
    task_start(child);
    if (request->flags & CLONE_VFORK)
        task_wait_vfork();
    return pid;
}

int64_t sys_fork(struct trap_frame *frame)
{
    const struct clone_request request = { .flags = SIGCHLD };

    (void)frame;
    return clone_run(&request);
}

int64_t sys_vfork(struct trap_frame *frame)
{
    const struct clone_request request = { .flags = CLONE_VM | CLONE_VFORK | SIGCHLD };

    (void)frame;
    return clone_run(&request);
}

/* Processes, not threads: memory may be shared only while the parent sleeps. */
int64_t sys_clone(struct trap_frame *frame)
{
    const uint64_t known = CLONE_VM | CLONE_VFORK | CLONE_SETTLS | CLONE_PARENT_SETTID |
                           CLONE_CHILD_CLEARTID | CLONE_CHILD_SETTID | CLONE_SIGNAL_MASK;
    const struct clone_request request = {
        .flags = frame->rdi,
        .stack = frame->rsi,
        .parent_tid = frame->rdx,
        .child_tid = frame->r10,
        .tls = frame->r8,
    };

    if ((request.flags & ~known) || (request.flags & CLONE_SIGNAL_MASK) > SIGNAL_MAX)
        return ERR_INVAL;
    if ((request.flags & CLONE_VM) && !(request.flags & CLONE_VFORK))
        return ERR_INVAL;
    if ((request.flags & CLONE_SETTLS) && request.tls >= USER_MAX)
        return ERR_PERM;
    return clone_run(&request);
}

/* exit and exit_group: a process has one thread. */
int64_t sys_exit(struct trap_frame *frame)
{
    process_exit((int)(frame->rdi & 0xff) << 8);
}

/* All processes are in one group, PROG's: "any of my group" is any. */
static err_t wait_target(int pid, int *which)
{
    *which = pid > 0 ? pid : -1;
    if (pid == INT32_MIN)
        return ERR_SRCH;
    return pid < -1 && pid != -PID_PROGRAM ? ERR_CHILD : ERR_OK;
}

int64_t sys_wait4(struct trap_frame *frame)
{
    const unsigned known = (unsigned)WAIT_NOHANG | WAIT_UNTRACED | WAIT_CONTINUED |
                           (unsigned)WAIT_CLONE | WAIT_ALL | 0x20000000 /* __WNOTHREAD */;
    static const struct linux_rusage no_usage;
    unsigned options = (unsigned)frame->rdx;
    int which, pid, status = 0;
    err_t err;

    if (options & ~known)
        return ERR_INVAL;
    err = wait_target((int)frame->rdi, &which);
    if (!err)
        err = task_wait(which, (int)options, &pid, &status);
    if (err || pid == 0)
        return err;
    if (frame->rsi)
        err = copy_to_user(frame->rsi, &status, sizeof(status));
    if (!err && frame->r10)
        err = copy_to_user(frame->r10, &no_usage, sizeof(no_usage));
    return err ? err : pid;
}

int64_t sys_sched_yield(struct trap_frame *frame)
{
    (void)frame;
    schedule();
    return 0;
}

/* gettid and set_tid_address too: the process is its only thread. */
int64_t sys_getpid(struct trap_frame *frame)
{
    (void)frame;
    return task_current()->pid;
}

int64_t sys_getppid(struct trap_frame *frame)
{
    bool interrupts = spin_lock_irq(&sched_lock);
    int pid = task_current()->parent->pid;

    (void)frame;
    spin_unlock_irq(&sched_lock, interrupts);
    return pid;
}

/* getuid and its relatives: everybody is root. */
int64_t sys_get_zero(struct trap_frame *frame)
{
    (void)frame;
    return 0;
}

/* getresuid and getresgid */
int64_t sys_getresid(struct trap_frame *frame)
{
    const uint32_t zero = 0;
    err_t err = copy_to_user(frame->rdi, &zero, sizeof(zero));

    if (!err)
        err = copy_to_user(frame->rsi, &zero, sizeof(zero));
    if (!err)
        err = copy_to_user(frame->rdx, &zero, sizeof(zero));
    return err;
}

int64_t sys_getpgrp(struct trap_frame *frame)
{
    (void)frame;
    return PID_PROGRAM;
}

/* getpgid and getsid: of a process that exists. */
int64_t sys_getpgid(struct trap_frame *frame)
{
    int pid = (int)frame->rdi;
    bool interrupts = spin_lock_irq(&sched_lock);
    bool exists = pid == 0 || task_find_locked(pid);

    spin_unlock_irq(&sched_lock, interrupts);
    return exists ? PID_PROGRAM : ERR_SRCH;
}

static int64_t arch_set_base(uint32_t msr, uint64_t *saved, uint64_t base)
{
    if (base >= USER_MAX)
        return ERR_PERM;
    *saved = base;
    cpu_write_msr(msr, base);
    return 0;
}

/* The program's GS base waits in MSR_KERNEL_GS_BASE while the kernel runs. */
int64_t sys_arch_prctl(struct trap_frame *frame)
{
    struct task *task = task_current();

    switch (frame->rdi) {
    case ARCH_SET_FS:
        return arch_set_base(MSR_FS_BASE, &task->fs_base, frame->rsi);
    case ARCH_SET_GS:
        return arch_set_base(MSR_KERNEL_GS_BASE, &task->gs_base, frame->rsi);
    case ARCH_GET_FS:
        return copy_to_user(frame->rsi, &task->fs_base, sizeof(task->fs_base));
    case ARCH_GET_GS:
        return copy_to_user(frame->rsi, &task->gs_base, sizeof(task->gs_base));
    default:
        return ERR_INVAL;
    }
}

/* Robust futexes are for threads; a process without threads never needs its list. */
int64_t sys_set_robust_list(struct trap_frame *frame)
{
    enum { ROBUST_LIST_HEAD = 24 };

    return frame->rsi == ROBUST_LIST_HEAD ? ERR_OK : ERR_INVAL;
}
