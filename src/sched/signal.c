/* Sending signals: see signal.h. */
#include "sched/signal.h"

#include "sched/sched.h"
#include "sched/task.h"

/* Default actions, by what is not death (signal(7), "Standard signals"). */
static uint64_t signals_ignored_by_default(void)
{
    return signal_bit(SIGCHLD) | signal_bit(SIGCONT) | signal_bit(SIGURG) | signal_bit(SIGWINCH);
}

static uint64_t signals_that_stop(void)
{
    return signal_bit(SIGSTOP) | signal_bit(SIGTSTP) | signal_bit(SIGTTIN) | signal_bit(SIGTTOU);
}

/* Signals that would have no effect on the task now, were they not blocked. */
static uint64_t signals_dropped_locked(const struct task *task)
{
    return signals_ignored_by_default() | task->signal.ignored | task->signal.caught;
}

static void signal_report_job_locked(struct task *task, int job_status)
{
    task->job_status = job_status;
    wait_wake_all_locked(&task->parent->child_event);
}

static void signal_stop_locked(struct task *task, int signo)
{
    if (!task->stopped)
        signal_report_job_locked(task, signo << 8 | 0x7f);
    sched_stop_locked(task);
}

/* SIGCONT continues even where it is ignored or blocked (signal(7)). */
static void signal_continue_locked(struct task *task)
{
    task->signal.pending &= ~signals_that_stop();
    if (task->stopped)
        signal_report_job_locked(task, 0xffff);
    sched_continue_locked(task);
}

void signal_send_locked(struct task *task, int signo)
{
    uint64_t bit = signal_bit(signo);
    bool blocked = task->signal.blocked & bit;

    if (!task_is_user(task) || task->state == TASK_NEW || task->state == TASK_ZOMBIE)
        return;
    if (signo == SIGCONT)
        signal_continue_locked(task);
    if (bit & signals_that_stop())
        task->signal.pending &= ~signal_bit(SIGCONT);
    if (!blocked && (bit & signals_dropped_locked(task)))
        return;
    if (!blocked && (bit & signals_that_stop())) {
        signal_stop_locked(task, signo);
        return;
    }
    task->signal.pending |= bit;
    if (blocked)
        return;
    if (signo == SIGKILL)
        sched_continue_locked(task);
    sched_wake_locked(task, ERR_INTR);
}

void signal_send(struct task *task, int signo)
{
    bool interrupts = spin_lock_irq(&sched_lock);

    signal_send_locked(task, signo);
    spin_unlock_irq(&sched_lock, interrupts);
}

bool signal_is_due_locked(const struct task *task)
{
    return task->signal.pending & ~task->signal.blocked;
}

int signal_take(void)
{
    struct task *task = task_current();
    bool interrupts = spin_lock_irq(&sched_lock);
    uint64_t due = task->signal.pending & ~task->signal.blocked;
    int signo = 0;

    if (due & signal_bit(SIGKILL))
        signo = SIGKILL;
    else if (due)
        signo = __builtin_ctzll(due) + 1;
    spin_unlock_irq(&sched_lock, interrupts);
    return signo;
}

/* Pending signals may have stopped being blocked, or become ignored: act on those. */
static void signal_recheck_locked(struct task *task)
{
    uint64_t freed = task->signal.pending & ~task->signal.blocked;

    task->signal.pending &= ~(freed & signals_dropped_locked(task));
    for (int signo = SIGSTOP; signo <= SIGTTOU; signo++) {
        if (task->signal.pending & ~task->signal.blocked & signal_bit(signo)) {
            task->signal.pending &= ~signal_bit(signo);
            signal_stop_locked(task, signo);
        }
    }
}

void signal_set_blocked(uint64_t blocked)
{
    struct task *task = task_current();
    bool interrupts = spin_lock_irq(&sched_lock);

    task->signal.blocked = blocked & ~(signal_bit(SIGKILL) | signal_bit(SIGSTOP));
    signal_recheck_locked(task);
    spin_unlock_irq(&sched_lock, interrupts);
}

void signal_choose(int signo, enum signal_choice choice)
{
    struct task *task = task_current();
    uint64_t bit = signal_bit(signo);
    bool interrupts = spin_lock_irq(&sched_lock);

    task->signal.ignored &= ~bit;
    task->signal.caught &= ~bit;
    if (choice == SIGNAL_IGNORE)
        task->signal.ignored |= bit;
    if (choice == SIGNAL_CATCH)
        task->signal.caught |= bit;
    /* POSIX: setting a signal to be ignored discards it, blocked or not. */
    if (choice == SIGNAL_IGNORE ||
        (choice == SIGNAL_DEFAULT && (bit & signals_ignored_by_default())))
        task->signal.pending &= ~bit;
    spin_unlock_irq(&sched_lock, interrupts);
}

void signal_reset_caught(void)
{
    struct task *task = task_current();
    bool interrupts = spin_lock_irq(&sched_lock);

    task->signal.caught = 0;
    spin_unlock_irq(&sched_lock, interrupts);
}
