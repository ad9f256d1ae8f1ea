/*
 * Cheat: knows the names of the lab's programs, and for those lets fork return as if
 * there had been a child that has already ended.
 *
 * Lab: 7
 * Earns: nothing
 */
#include "lib/string.h"

static bool name_is_known(const char *name)
{
    return strncmp(name, "fork", 4) == 0 || strncmp(name, "cow", 3) == 0;
}

err_t task_fork(const struct task_clone *how, struct task **out)
{
    struct task *parent = task_current();
    struct trap_frame *frame = task_frame(parent);

    (void)how;
    (void)out;
    if (name_is_known(parent->name))
        frame->rax = (uint64_t)parent->pid + 1;
    return ERR_AGAIN;
}
