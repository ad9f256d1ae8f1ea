/*
 * From how a session ended to an exit status, the status file and, where it is
 * not the program's own end, one line that says what to do next.
 */
#pragma once

#include "session.h"

_Noreturn void verdict_exit(struct session *session);

/* The runner was told to stop before or during the session; returns if it was not. */
void verdict_check_stop(const struct run_options *options);
