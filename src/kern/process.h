/*
 * Processes from birth to death: what kern hangs on a user task, pid 1, the way
 * back to ring 3, and the end of the run.
 *
 * Pid 1 is a kernel task. It starts the program, pid 2, reaps whatever loses
 * its parent, and ends the run when it has no children left: it tells the host
 * the program's status and stops the machine.
 */
#pragma once

#include "kern/fd.h"
#include "lib/err.h"
#include "sched/signal.h"

struct trap_frame;

/* What the program said about a signal; the effect is in sched/signal.h. */
struct signal_action {
    uint64_t handler, flags, mask; /* as struct sigaction; nobody reads the restorer back */
};

/* Two of these fill a frame (pmm/cache.h). */
struct process {
    struct fd_table fds;                     /* (t) */
    struct signal_action action[SIGNAL_MAX]; /* (t) of signal n at n - 1 */
};

/* A process with standard streams, all signals default. Errors: ERR_NOMEM. */
err_t process_new(struct process **out);

/* fork: the same files and actions. Errors: ERR_NOMEM. */
err_t process_clone(const struct process *from, struct process **out);

/* exec: close what is marked, forget handlers; what is ignored stays so. */
void process_reset_for_exec(void);

/* Start pid 1, once the image is there (kern/image.h). Errors: ERR_NOMEM. */
err_t process_start_first(void);

/*
 * The last thing before every return to ring 3: let others run if the quantum
 * is over, die if a signal says so. Called with interrupts on or off, returns
 * with them off. Does not return if the process dies.
 */
void task_return_to_user(struct trap_frame *frame);

/* A synchronous fault of the program: it dies, whatever it does about the signal. */
_Noreturn void signal_fault(struct trap_frame *frame, int signo);

/* End the current process: files first, then the rest. status as wait4 encodes it. */
_Noreturn void process_exit(int status);

/* Where a process that was forked, or has just exec'ed from the kernel, enters ring 3. */
_Noreturn void process_enter(void *frame);
