/*
 * The reasons to stop early: a signal to the runner, and the time limit. Both
 * are looked at in one place, stop_wait(), through which every wait of the
 * runner goes: nothing can sleep through a Ctrl-C.
 */
#pragma once

#include <poll.h>
#include <stdbool.h>

/*
 * Take SIGINT, SIGTERM, SIGHUP, SIGQUIT and SIGCHLD out of their usual course
 * and ignore SIGPIPE. First thing in main.
 */
void stop_init(void);

/* Undo that, for a child between fork and exec. */
void stop_reset_in_child(void);

/* Leave SIGINT and SIGQUIT to somebody else: the debugger on the terminal. */
void stop_ignore_keyboard(void);

/* Set the time limit, counted from now. */
void stop_set_limit(double seconds);

/* Seconds since stop_init. */
double stop_elapsed(void);

/*
 * Wait until a descriptor is ready, a child changed state, `seconds` have
 * passed (negative: no bound), or there is a reason to stop. Each fd's revents
 * is valid on return. False once there is a reason to stop: then it never
 * sleeps.
 */
bool stop_wait(struct pollfd *fds, nfds_t count, double seconds);

/* The signal that asked the runner to stop, or 0. */
int stop_signal(void);

/* Has the time limit passed? */
bool stop_timed_out(void);
