/* The parts of a process, the way back to ring 3, and the end: see process.h. */
#include "kern/process.h"

#include "arch/cpu.h"
#include "arch/log.h"
#include "arch/percpu.h"
#include "arch/trap_frame.h"
#include "kern/linux.h"
#include "kern/trap.h"
#include "lib/string.h"
#include "pmm/cache.h"
#include "sched/sched.h"
#include "sched/task.h"

static struct obj_cache process_cache = OBJ_CACHE_INIT(process_cache, struct process);

static void process_free(struct process *process)
{
    fd_table_close(&process->fds);
    cache_free(&process_cache, process);
}

/* from null: a process with nothing but standard streams. */
static err_t process_make(const struct process *from, struct process **out)
{
    void *memory;
    struct process *process;
    err_t err = cache_alloc(&process_cache, &memory);

    if (err)
        return err;
    process = memory;
    if (from)
        memcpy(process->action, from->action, sizeof(process->action));
    err = from ? fd_table_copy(&from->fds, &process->fds) : fd_table_open_standard(&process->fds);
    if (err)
        process_free(process);
    else
        *out = process;
    return err;
}

err_t process_new(struct process **out)
{
    return process_make(NULL, out);
}

err_t process_clone(const struct process *from, struct process **out)
{
    return process_make(from, out);
}

void process_reset_for_exec(void)
{
    struct signal_action *action = task_current()->process->action;

    fd_close_marked();
    for (int i = 0; i < SIGNAL_MAX; i++)
        action[i] = (struct signal_action){
            .handler = action[i].handler == SIG_IGN ? SIG_IGN : SIG_DFL,
        };
}

void process_exit(int status)
{
    struct task *task = task_current();

    cpu_enable_interrupts(); /* a fault arrives here with them off */
    process_free(task->process);
    task->process = NULL;
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
