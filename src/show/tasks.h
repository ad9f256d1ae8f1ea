/* The map's view of tasks: who has memory to show, and what state it is in. */
#pragma once

#include "sched/task.h"

enum { SHOWN_TASKS_MAX = 256 /* more than a screen has room for; stacks have not */ };

/* A process whose address space can be looked at. */
bool task_has_memory(const struct task *task);

/* The processes, zombies too, in the order in which they were made; at most max. */
unsigned task_list_shown(struct task **out, unsigned max);

/* The process that comes after this pid on that list, the first one behind the last; 0: none. */
int task_pid_after(int pid);

struct task *task_by_pid(int pid);

/* "running", "ready", ... */
const char *task_state_name(const struct task *task);
