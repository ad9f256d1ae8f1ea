/* System call dispatch: see syscall.h. */
#include "kern/syscall.h"

#include "arch/log.h"
#include "lib/err.h"
#include "lib/types.h"
#include "sched/task.h"

/* Calls that libraries try first and are prepared to miss: not worth a line on the log. */
int64_t sys_none(struct trap_frame *frame)
{
    (void)frame;
    return ERR_NOSYS;
}

#define SYSCALL_ENTRY(number, function) [number] = function,
static const syscall_t syscalls[] = { SYSCALLS(SYSCALL_ENTRY) };

/* Name a missing call the first time that any program makes it. */
static void syscall_log_missing(uint64_t number)
{
    enum { NUMBERS = 1024 };
    static uint64_t logged[NUMBERS / 64]; /* (a) */
    uint64_t bit = UINT64_C(1) << number % 64;

    if (number >= NUMBERS || (__atomic_fetch_or(&logged[number / 64], bit, __ATOMIC_RELAXED) & bit))
        return;
    klog("system call %u is not there (first used by %s, pid %d): -ENOSYS", (unsigned)number,
         task_current()->name, task_current()->pid);
}

/* Copies say ERR_FAULT whatever went wrong; the trap handler has noted what it was. */
static int64_t syscall_run(syscall_t syscall, struct trap_frame *frame)
{
    struct task *task = task_current();
    int64_t result;

    task->out_of_memory = false;
    result = syscall(frame);
    return result == ERR_FAULT && task->out_of_memory ? ERR_NOMEM : result;
}

void syscall_entry(struct trap_frame *frame)
{
    uint64_t number = frame->rax;

    if (number < ARRAY_SIZE(syscalls) && syscalls[number]) {
        frame->rax = (uint64_t)syscall_run(syscalls[number], frame);
        return;
    }
    syscall_log_missing(number);
    frame->rax = (uint64_t)ERR_NOSYS;
}
