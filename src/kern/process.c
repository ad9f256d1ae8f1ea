/* The way back to ring 3, and the end of a process: see process.h. */
#include "kern/process.h"

#include "arch/cpu.h"
#include "arch/log.h"
#include "arch/percpu.h"
#include "kern/fd.h"
#include "kern/signal.h"
#include "kern/trap.h"
#include "sched/sched.h"
#include "sched/signal.h"
#include "sched/task.h"

void process_exit(int status)
{
    struct task *task = task_current();

    cpu_enable_interrupts(); /* a fault arrives here with them off */
    fd_table_free(task->files);
    task->files = NULL;
    signal_actions_free(task->actions);
    task->actions = NULL;
    task_exit(status);
}

void signal_fault(struct trap_frame *frame, int signo)
{
    const struct task *task = task_current();

    klog("pid %d (%s): signal %d at rip %lx, rsp %lx, vector %lu, error %lx", task->pid, task->name,
         signo, frame->rip, frame->rsp, frame->vector, frame->error);
    process_exit(signo);
}

/* Interrupts are off, so that nothing changes between this answer and ring 3. */
static bool process_has_work(void)
{
    const struct task *task = task_current();

    return cpu_this()->need_resched || task->stopped ||
           (task->signal.pending & ~task->signal.blocked);
}

void task_return_to_user(struct trap_frame *frame)
{
    (void)frame;
    for (;;) {
        int signo;

        cpu_disable_interrupts();
        if (!process_has_work())
            return;
        cpu_enable_interrupts();
        signo = signal_take();
        if (signo)
            process_exit(signo);
        schedule();
    }
}

void process_enter(void *frame)
{
    task_return_to_user(frame);
    trap_return(frame);
}
