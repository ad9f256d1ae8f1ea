/*
 * What a program said about signals, as rt_sigaction reads it back. The effect
 * on delivery is in sched/signal.h.
 */
#pragma once

#include "lib/err.h"

struct signal_actions;

/* All default. Errors: ERR_NOMEM. */
err_t signal_actions_new(struct signal_actions **out);

/* fork: a copy. Errors: ERR_NOMEM. */
err_t signal_actions_clone(const struct signal_actions *actions, struct signal_actions **out);

void signal_actions_free(struct signal_actions *actions);

/* exec: handlers of the current task are gone, what is ignored stays so. */
void signal_actions_reset(void);
