/* Tasks as the map shows them: see tasks.h. Interrupts are off, so nobody changes the list. */
#include "show/tasks.h"

bool task_has_memory(const struct task *task)
{
    return task->state != TASK_NEW && task_is_user(task);
}

unsigned task_list_shown(struct task **out, unsigned max)
{
    unsigned count = 0;

    LIST_FOR_EACH (node, next, &task_list) {
        struct task *task = CONTAINER_OF(node, struct task, all_node);

        if (task->pid > PID_INIT && task->state != TASK_NEW && count < max)
            out[count++] = task;
    }
    return count;
}

int task_pid_after(int pid)
{
    static struct task *tasks[SHOWN_TASKS_MAX];
    unsigned count = task_list_shown(tasks, SHOWN_TASKS_MAX);

    for (unsigned i = 0; i + 1 < count; i++)
        if (tasks[i]->pid == pid)
            return tasks[i + 1]->pid;
    return count > 0 ? tasks[0]->pid : 0;
}

struct task *task_by_pid(int pid)
{
    struct task *task = task_find_locked(pid);

    return task && task->state != TASK_NEW ? task : NULL;
}

const char *task_state_name(const struct task *task)
{
    static const char *const names[] = {
        [TASK_NEW] = "new",           [TASK_READY] = "ready",     [TASK_RUNNING] = "running",
        [TASK_SLEEPING] = "sleeping", [TASK_STOPPED] = "stopped", [TASK_ZOMBIE] = "zombie",
    };

    return names[task->state];
}
