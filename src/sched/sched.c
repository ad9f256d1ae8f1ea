/* Round robin: see sched.h, and task.h for the states. */
#include "sched/sched.h"

#include "arch/context.h"
#include "arch/cpu.h"
#include "arch/percpu.h"
#include "arch/timer.h"
#include "lib/panic.h"
#include "sched/run_queue.h"
#include "sched/task.h"
#include "sched/task_internal.h"
#include "vm/address_space.h"
#include "vm/kstack.h"

struct spinlock sched_lock = SPINLOCK_INIT(LOCK_SCHED);

struct address_space *task_kernel_as;
void (*sched_hook)(struct task *from);

static struct run_queue run_queue = RUN_QUEUE_INIT(run_queue);         /* (s) */
static struct sleep_queue sleep_queue = SLEEP_QUEUE_INIT(sleep_queue); /* (s) */
static struct task *switched_from;                                     /* (s) by the last switch */
static struct task idle = { .pid = PID_IDLE, .name = "idle", .state = TASK_RUNNING };

struct task *task_current(void)
{
    return cpu_this()->task;
}

void sched_init(struct address_space *kernel_as)
{
    task_kernel_as = kernel_as;
    idle.as = kernel_as;
    list_init(&idle.children);
    wait_queue_init(&idle.child_event);
    cpu_this()->task = &idle;
}

void sched_start(void)
{
    for (;;) {
        schedule();
        cpu_disable_interrupts();
        if (!cpu_this()->need_resched)
            cpu_enable_interrupts_and_halt();
        cpu_enable_interrupts();
    }
}

void sched_tick(void)
{
    bool interrupts = spin_lock_irq(&sched_lock);
    struct sleeper *due;

    while ((due = sleep_queue_pop_due(&sleep_queue, clock_ns())))
        sched_wake_locked(CONTAINER_OF(due, struct task, sleeper), ERR_AGAIN);
    if (!rq_empty(&run_queue))
        cpu_this()->need_resched = true;
    spin_unlock_irq(&sched_lock, interrupts);
}

void schedule(void)
{
    bool interrupts = spin_lock_irq(&sched_lock);
    struct task *current = task_current();

    if (current != &idle)
        sched_make_ready_locked(current);
    sched_switch_unlock(interrupts);
}

void sched_make_ready_locked(struct task *task)
{
    if (task->stopped) {
        task->state = TASK_STOPPED;
        return;
    }
    task->state = TASK_READY;
    rq_push(&run_queue, &task->queue_node);
    if (task_current() == &idle)
        cpu_this()->need_resched = true;
}

void sched_wake_locked(struct task *task, err_t reason)
{
    if (task->state != TASK_SLEEPING)
        return;
    list_remove(&task->queue_node);
    sleep_queue_remove(&sleep_queue, &task->sleeper);
    task->wake_reason = reason;
    sched_make_ready_locked(task);
}

void sched_sleep_locked(uint64_t deadline)
{
    struct task *task = task_current();

    task->state = TASK_SLEEPING;
    task->sleeper.wake_at = deadline;
    if (deadline != WAIT_FOREVER)
        sleep_queue_insert(&sleep_queue, &task->sleeper);
}

void sched_stop_locked(struct task *task)
{
    task->stopped = true;
    if (task->state == TASK_READY) {
        rq_remove(&run_queue, &task->queue_node);
        task->state = TASK_STOPPED;
    }
}

void sched_continue_locked(struct task *task)
{
    task->stopped = false;
    if (task->state == TASK_STOPPED)
        sched_make_ready_locked(task);
}

unsigned sched_list_ready(struct task **out, unsigned max)
{
    bool interrupts = spin_lock_irq(&sched_lock);
    unsigned count = 0;

    LIST_FOR_EACH (node, next, &run_queue.ready)
        if (count < max)
            out[count++] = CONTAINER_OF(node, struct task, queue_node);
    spin_unlock_irq(&sched_lock, interrupts);
    return count;
}

/* Who runs next: the task that is ready longest, or idle. */
static struct task *sched_pick_locked(void)
{
    struct list_node *node = rq_pop(&run_queue);

    return node ? CONTAINER_OF(node, struct task, queue_node) : &idle;
}

/*
 * Put next's registers that context_switch does not know of into the CPU: its
 * tables; the stack that entries from ring 3 find, if it has one (idle, which is
 * never entered from there, has none); and for a program FS base, the GS base that
 * SWAPGS brings in (MSR_KERNEL_GS_BASE) and the FPU registers. The caller goes on
 * on the previous task's stack meanwhile: all address spaces map it.
 */
static void sched_load(struct task *next)
{
    as_switch_to(next->as);
    if (next->kstack)
        cpu_set_kernel_stack(next->kstack);
    if (!task_is_user(next))
        return;
    cpu_write_msr(MSR_FS_BASE, next->fs_base);
    cpu_write_msr(MSR_KERNEL_GS_BASE, next->gs_base);
    cpu_fxrstor(next->fpu);
}

/*
 * Release the lock that the task before took. If that one is a zombie, nobody
 * stands on its stack any more. Freeing it needs the lock gone; that nobody
 * gets in between makes free memory the same whenever somebody looks.
 */
void sched_finish_switch(bool interrupts)
{
    struct task *prev = switched_from;
    void *dead_stack = prev->state == TASK_ZOMBIE ? prev->kstack : NULL;

    if (dead_stack)
        prev->kstack = NULL;
    preempt_disable();
    spin_unlock_irq(&sched_lock, interrupts);
    if (dead_stack)
        kstack_free(dead_stack);
    if (sched_hook)
        sched_hook(switched_from);
    preempt_enable();
}

void sched_switch_unlock(bool interrupts)
{
    struct cpu *cpu = cpu_this();
    struct task *prev = cpu->task;
    struct task *next = sched_pick_locked();
    uint64_t now = clock_ns();

    cpu->need_resched = false;
    next->state = TASK_RUNNING;
    if (next == prev) {
        spin_unlock_irq(&sched_lock, interrupts);
        return;
    }
    if (task_is_user(prev))
        cpu_fxsave(prev->fpu);
    prev->cpu_ns += now - prev->switched_in;
    next->switched_in = now;
    switched_from = prev;
    cpu->task = next;
    sched_load(next);
    context_switch(&prev->rsp, next->rsp);
    sched_finish_switch(interrupts);
}
