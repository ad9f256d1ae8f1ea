/* What the files of src/sched share with each other and with nobody else. */
#pragma once

#include "lib/err.h"
#include "lib/types.h"

struct address_space;
struct task;

extern struct address_space *task_kernel_as; /* (!) */

/* A task with a stack and a pid, all else zero. Errors: ERR_NOMEM, ERR_AGAIN. */
err_t task_alloc(struct task **out);

/* Free the struct of a zombie that is on no list, or of a task without a stack. */
void task_free(struct task *task);

/* Prepare the stack below the trap frame such that the first switch calls entry(task). */
void task_prepare(struct task *task, void (*entry)(void *));

/* The first thing a new task does: release the lock that the switch to it took. */
void sched_finish_switch(bool interrupts);
