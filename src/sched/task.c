/* Making, finding and freeing tasks: see task.h. */
#include "sched/task.h"

#include "arch/context.h"
#include "arch/timer.h"
#include "arch/trap_frame.h"
#include "lib/panic.h"
#include "lib/print.h"
#include "pmm/cache.h"
#include "sched/sched.h"
#include "sched/signal.h"
#include "sched/task_internal.h"
#include "vm/address_space.h"
#include "vm/kstack.h"

struct list_node task_list = { &task_list, &task_list };

static struct obj_cache task_cache = OBJ_CACHE_INIT(task_cache, struct task);
static int next_pid = PID_INIT; /* (s) */
static bool pids_wrapped;       /* (s) */

struct task *task_find_locked(int pid)
{
    LIST_FOR_EACH (node, next, &task_list) {
        struct task *task = CONTAINER_OF(node, struct task, all_node);

        if (task->pid == pid)
            return task;
    }
    return NULL;
}

/* The next pid that no process has; 0 if there is none. Looks only once pids are used again. */
static int pid_alloc_locked(void)
{
    for (int tries = 0; tries < PID_MAX; tries++) {
        int pid = next_pid++;

        if (next_pid == PID_MAX) {
            next_pid = PID_PROGRAM + 1;
            pids_wrapped = true;
        }
        if (!pids_wrapped || !task_find_locked(pid))
            return pid;
    }
    return 0;
}

static void task_init_links(struct task *task)
{
    list_init(&task->queue_node);
    list_init(&task->sleeper.node);
    list_init(&task->children);
    list_init(&task->sibling);
    wait_queue_init(&task->child_event);
}

err_t task_alloc(struct task **out)
{
    struct task *task;
    void *memory;
    bool interrupts;
    err_t err = cache_alloc(&task_cache, &memory);

    if (err)
        return err;
    task = memory;
    err = kstack_alloc(&task->kstack);
    if (err) {
        cache_free(&task_cache, task);
        return err;
    }
    task->as = task_kernel_as;
    task->exit_signal = SIGCHLD;
    task_init_links(task);
    interrupts = spin_lock_irq(&sched_lock);
    task->pid = pid_alloc_locked();
    list_push_back(&task_list, &task->all_node);
    spin_unlock_irq(&sched_lock, interrupts);
    if (!task->pid) {
        task_discard(task);
        return ERR_AGAIN;
    }
    *out = task;
    return ERR_OK;
}

void task_free(struct task *task)
{
    KASSERT(!task->kstack);
    cache_free(&task_cache, task);
}

void task_discard(struct task *task)
{
    bool interrupts = spin_lock_irq(&sched_lock);

    KASSERT(task->state == TASK_NEW);
    list_remove(&task->all_node);
    spin_unlock_irq(&sched_lock, interrupts);
    if (task_is_user(task))
        as_put(task->as);
    kstack_free(task->kstack);
    task->kstack = NULL;
    task_free(task);
}

struct trap_frame *task_frame(const struct task *task)
{
    return (struct trap_frame *)task->kstack - 1;
}

void task_prepare(struct task *task, void (*entry)(void *))
{
    task->rsp = context_init(task_frame(task), entry, task);
}

static void task_run_kernel(void *arg)
{
    struct task *task = arg;

    sched_finish_switch(true);
    task->entry(task->entry_arg);
    task_exit(0);
}

err_t task_new(const char *name, void (*entry)(void *), void *arg, struct task **out)
{
    struct task *task;
    err_t err = task_alloc(&task);

    if (err)
        return err;
    fmt_snprintf(task->name, sizeof(task->name), "%s", name);
    task->entry = entry;
    task->entry_arg = arg;
    task_prepare(task, task_run_kernel);
    *out = task;
    return ERR_OK;
}

void task_start(struct task *task)
{
    bool interrupts = spin_lock_irq(&sched_lock);

    task->parent = task_current();
    list_push_back(&task->parent->children, &task->sibling);
    sched_make_ready_locked(task);
    spin_unlock_irq(&sched_lock, interrupts);
}

bool task_is_user(const struct task *task)
{
    return task->as != task_kernel_as;
}

unsigned task_count(void)
{
    bool interrupts = spin_lock_irq(&sched_lock);
    unsigned count = 0;

    LIST_FOR_EACH (node, next, &task_list)
        count += CONTAINER_OF(node, struct task, all_node)->pid > PID_INIT;
    spin_unlock_irq(&sched_lock, interrupts);
    return count;
}

uint64_t task_cpu_time(void)
{
    bool interrupts = spin_lock_irq(&sched_lock);
    const struct task *task = task_current();
    uint64_t time = task->cpu_ns + (clock_ns() - task->switched_in);

    spin_unlock_irq(&sched_lock, interrupts);
    return time;
}
