/* System calls about signals. */
#include "arch/log.h"
#include "kern/linux.h"
#include "kern/process.h"
#include "kern/syscall.h"
#include "sched/sched.h"
#include "sched/task.h"
#include "vm/user_copy.h"

/* Once for each signal in a run, not for each program: the log stays readable. */
static void signal_log_handler(int signo)
{
    static uint64_t logged;

    if (__atomic_fetch_or(&logged, signal_bit(signo), __ATOMIC_RELAXED) & signal_bit(signo))
        return;
    klog("signals: %s installs a handler for signal %d; Quire runs none, the signal is dropped",
         task_current()->name, signo);
}

static void signal_set_action(int signo, const struct linux_sigaction *new)
{
    task_current()->process->action[signo - 1] =
        (struct signal_action){ new->handler, new->flags, new->mask };
    if (new->handler == SIG_DFL) {
        signal_choose(signo, SIGNAL_DEFAULT);
    } else if (new->handler == SIG_IGN) {
        signal_choose(signo, SIGNAL_IGNORE);
    } else {
        signal_choose(signo, SIGNAL_CATCH);
        signal_log_handler(signo);
    }
}

static bool signal_is_valid(int signo)
{
    return signo >= 1 && signo <= SIGNAL_MAX;
}

int64_t sys_rt_sigaction(struct trap_frame *frame)
{
    int signo = (int)frame->rdi;
    struct linux_sigaction new = { 0 }, old = { 0 };
    const struct signal_action *action;
    err_t err = ERR_OK;

    if (frame->r10 != sizeof(uint64_t))
        return ERR_INVAL;
    if (frame->rsi)
        err = copy_from_user(&new, frame->rsi, sizeof(new));
    if (err)
        return err;
    if (!signal_is_valid(signo) || (frame->rsi && (signo == SIGKILL || signo == SIGSTOP)))
        return ERR_INVAL;
    action = &task_current()->process->action[signo - 1];
    old.handler = action->handler;
    old.flags = action->flags;
    old.mask = action->mask;
    if (frame->rsi)
        signal_set_action(signo, &new);
    return frame->rdx ? copy_to_user(frame->rdx, &old, sizeof(old)) : ERR_OK;
}

static err_t sigprocmask_combine(int how, uint64_t old, uint64_t set, uint64_t *out)
{
    switch (how) {
    case SIG_BLOCK:
        *out = old | set;
        return ERR_OK;
    case SIG_UNBLOCK:
        *out = old & ~set;
        return ERR_OK;
    case SIG_SETMASK:
        *out = set;
        return ERR_OK;
    default:
        return ERR_INVAL;
    }
}

int64_t sys_rt_sigprocmask(struct trap_frame *frame)
{
    uint64_t old = task_current()->signal.blocked, set, blocked;
    err_t err;

    if (frame->r10 != sizeof(uint64_t))
        return ERR_INVAL;
    if (frame->rsi) {
        err = copy_from_user(&set, frame->rsi, sizeof(set));
        if (!err)
            err = sigprocmask_combine((int)frame->rdi, old, set, &blocked);
        if (err)
            return err;
        signal_set_blocked(blocked);
    }
    return frame->rdx ? copy_to_user(frame->rdx, &old, sizeof(old)) : ERR_OK;
}

/* Send to one process; signal 0 only asks whether it is there. */
static int64_t signal_send_pid(int pid, int signo)
{
    bool interrupts = spin_lock_irq(&sched_lock);
    struct task *task = task_find_locked(pid);

    if (task && signo)
        signal_send_locked(task, signo);
    spin_unlock_irq(&sched_lock, interrupts);
    return task ? ERR_OK : ERR_SRCH;
}

/* Send to all processes but pid 1, and the sender only if it is meant too. */
static int64_t signal_send_all(int signo, bool sender_too)
{
    bool interrupts = spin_lock_irq(&sched_lock);
    err_t err = ERR_SRCH;

    LIST_FOR_EACH (node, next, &task_list) {
        struct task *task = CONTAINER_OF(node, struct task, all_node);

        if (task->pid == PID_INIT || (task == task_current() && !sender_too))
            continue;
        err = ERR_OK;
        if (signo)
            signal_send_locked(task, signo);
    }
    spin_unlock_irq(&sched_lock, interrupts);
    return err;
}

/* All processes are in one group, whose number is PROG's pid. */
int64_t sys_kill(struct trap_frame *frame)
{
    int pid = (int)frame->rdi, signo = (int)frame->rsi;

    if (signo != 0 && !signal_is_valid(signo))
        return ERR_INVAL;
    if (pid > 0)
        return signal_send_pid(pid, signo);
    if (pid == 0 || pid == -PID_PROGRAM)
        return signal_send_all(signo, true);
    return pid == -1 ? signal_send_all(signo, false) : ERR_SRCH;
}

static int64_t signal_send_thread(int tid, int signo)
{
    if (tid <= 0 || (signo != 0 && !signal_is_valid(signo)))
        return ERR_INVAL;
    return signal_send_pid(tid, signo);
}

int64_t sys_tkill(struct trap_frame *frame)
{
    return signal_send_thread((int)frame->rdi, (int)frame->rsi);
}

/* A process has one thread, whose number is the process's. */
int64_t sys_tgkill(struct trap_frame *frame)
{
    int tgid = (int)frame->rdi, tid = (int)frame->rsi;

    if (tgid <= 0 || tid <= 0)
        return ERR_INVAL;
    return tgid == tid ? signal_send_thread(tid, (int)frame->rdx) : ERR_SRCH;
}
