/*
 * Processes from birth to death: pid 1, the way back to ring 3, and the end of
 * the run.
 *
 * Pid 1 is a kernel task. It starts the program, pid 2, reaps whatever loses
 * its parent, and ends the run when it has no children left: it tells the host
 * the program's status and stops the machine.
 */
#pragma once

#include "lib/err.h"

struct trap_frame;

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

/* Where a process that has just been made, or has just exec'ed from the kernel, enters ring 3. */
_Noreturn void process_enter(void *frame);
