/*
 * Signals, as far as they reach without running a handler: sets of pending and
 * blocked signals, default actions, stop and continue. Whoever is told to die
 * dies in kern, on its way back to ring 3.
 *
 *     sent -> ignored or caught, not blocked ---> dropped
 *          -> blocked --------------------------> pending until unblocked
 *          -> stop or continue -----------------> done by the scheduler at once
 *          -> else fatal -----------------------> pending; wakes the task
 *
 * Locks: LOCK_SCHED.
 */
#pragma once

#include "lib/types.h"

struct task;

/* Linux's numbers (x86-64). */
enum signo {
    SIGHUP = 1,
    SIGINT = 2,
    SIGQUIT = 3,
    SIGILL = 4,
    SIGTRAP = 5,
    SIGABRT = 6,
    SIGBUS = 7,
    SIGFPE = 8,
    SIGKILL = 9,
    SIGUSR1 = 10,
    SIGSEGV = 11,
    SIGUSR2 = 12,
    SIGPIPE = 13,
    SIGALRM = 14,
    SIGTERM = 15,
    SIGCHLD = 17,
    SIGCONT = 18,
    SIGSTOP = 19,
    SIGTSTP = 20,
    SIGTTIN = 21,
    SIGTTOU = 22,
    SIGURG = 23,
    SIGWINCH = 28,
    SIGNAL_MAX = 64,
};

static inline uint64_t signal_bit(int signo)
{
    return UINT64_C(1) << (signo - 1);
}

/* Send to a user task; others are immune. */
void signal_send_locked(struct task *task, int signo);
void signal_send(struct task *task, int signo);

/* Must the task stop what it does? Some pending signal is not blocked, and thus fatal. */
bool signal_is_due_locked(const struct task *task);

/* The lowest fatal signal that is due for the current task; 0: none. */
int signal_take(void);

/* Replace the current task's set of blocked signals; SIGKILL and SIGSTOP stay free. */
void signal_set_blocked(uint64_t blocked);

/* Record what the current task does about a signal; pending ones are dropped where Linux does. */
enum signal_choice { SIGNAL_DEFAULT, SIGNAL_IGNORE, SIGNAL_CATCH };
void signal_choose(int signo, enum signal_choice choice);

/* exec: caught signals get their default action back. */
void signal_reset_caught(void);
