/*
 * The end of a task and what its parent learns of it.
 *
 * All is decided under the scheduler's lock: a parent that finds no zombie goes
 * to sleep before a child can become one.
 */
#include "lib/panic.h"
#include "sched/sched.h"
#include "sched/signal.h"
#include "sched/task.h"
#include "sched/task_internal.h"
#include "vm/address_space.h"

/*
 * Let go of a program's address space, while the task goes on running on the kernel's
 * tables: nobody may free tables that CR3 still points to, nor find a task whose
 * address space is gone.
 */
static void exit_free_memory(struct task *task)
{
    struct address_space *as = task->as;
    bool interrupts;

    if (!task_is_user(task))
        return;
    interrupts = spin_lock_irq(&sched_lock);
    task->as = task_kernel_as;
    as_switch_to(task_kernel_as);
    spin_unlock_irq(&sched_lock, interrupts);
    as_put(as);
}

static void task_set_parent_locked(struct task *task, struct task *parent)
{
    list_remove(&task->sibling);
    list_push_back(&parent->children, &task->sibling);
    task->parent = parent;
}

/* Pid 1 inherits the children; it may have to reap some at once. */
static void exit_orphan_children_locked(struct task *task)
{
    struct task *init = task_find_locked(PID_INIT);

    KASSERT(task != init);
    LIST_FOR_EACH (node, next, &task->children)
        task_set_parent_locked(CONTAINER_OF(node, struct task, sibling), init);
    wait_wake_all_locked(&init->child_event);
}

/* Who ignores SIGCHLD wants no zombies: pid 1 takes this one. */
static void exit_tell_parent_locked(struct task *task)
{
    struct task *parent = task->parent;

    wait_wake_all_locked(&parent->child_event);
    if (parent->signal.ignored & signal_bit(SIGCHLD)) {
        parent = task_find_locked(PID_INIT);
        task_set_parent_locked(task, parent);
        wait_wake_all_locked(&parent->child_event);
    } else if (task->exit_signal) {
        signal_send_locked(parent, task->exit_signal);
    }
}

void task_exit(int status)
{
    struct task *task = task_current();
    bool interrupts;

    task_release_vfork();
    exit_free_memory(task);
    interrupts = spin_lock_irq(&sched_lock);
    exit_orphan_children_locked(task);
    task->exit_status = status;
    task->state = TASK_ZOMBIE;
    exit_tell_parent_locked(task);
    sched_switch_unlock(interrupts);
    panic("a zombie runs");
}

void task_release_vfork(void)
{
    struct task *task = task_current();
    bool interrupts = spin_lock_irq(&sched_lock);

    if (task->vfork_pending) {
        if (task->parent->as == task->as)
            task->parent->brk = task->brk; /* the heap was shared, and may have grown */
        task->vfork_pending = task->parent->vfork_waits = false;
        wait_wake_all_locked(&task->parent->child_event);
    }
    spin_unlock_irq(&sched_lock, interrupts);
}

/* The child itself may be gone by now: another parent, pid 1, may have freed it. */
void task_wait_vfork(void)
{
    struct task *task = task_current();

    for (;;) {
        bool interrupts = spin_lock_irq(&sched_lock);

        if (!task->vfork_waits) {
            spin_unlock_irq(&sched_lock, interrupts);
            return;
        }
        if (wait_sleep_unlock(&task->child_event, WAIT_FOREVER, interrupts) == ERR_INTR)
            return;
    }
}

static bool wait_matches(const struct task *child, int which, int options)
{
    bool odd = child->exit_signal != SIGCHLD;

    if (which != -1 && child->pid != which)
        return false;
    return (options & WAIT_ALL) || odd == !!(options & WAIT_CLONE);
}

/* Is there something to report of this child? A report is made once. */
static bool wait_take_status_locked(struct task *child, int options, int *status)
{
    enum { CONTINUED = 0xffff };
    int wanted = child->job_status == CONTINUED ? WAIT_CONTINUED : WAIT_UNTRACED;

    if (child->state == TASK_ZOMBIE) {
        *status = child->exit_status;
        return true;
    }
    if (!child->job_status || !(options & wanted))
        return false;
    *status = child->job_status;
    child->job_status = 0;
    return true;
}

/* ERR_OK with the child, ERR_AGAIN if none has news, ERR_CHILD if there is none to wait for. */
static err_t wait_scan_locked(int which, int options, struct task **out, int *status)
{
    err_t err = ERR_CHILD;

    LIST_FOR_EACH (node, next, &task_current()->children) {
        struct task *child = CONTAINER_OF(node, struct task, sibling);

        if (!wait_matches(child, which, options))
            continue;
        err = ERR_AGAIN;
        if (wait_take_status_locked(child, options, status)) {
            *out = child;
            return ERR_OK;
        }
    }
    return err;
}

/* Report a child and release the lock; a zombie is gone after that. */
static int wait_finish_unlock(struct task *child, bool interrupts)
{
    int pid = child->pid;
    bool dead = child->state == TASK_ZOMBIE;

    if (dead) {
        list_remove(&child->sibling);
        list_remove(&child->all_node);
    }
    spin_unlock_irq(&sched_lock, interrupts);
    if (dead)
        task_free(child);
    return pid;
}

err_t task_wait(int which, int options, int *pid, int *status)
{
    struct task *child;
    bool interrupts;
    err_t err;

    for (;;) {
        interrupts = spin_lock_irq(&sched_lock);
        err = wait_scan_locked(which, options, &child, status);
        if (err != ERR_AGAIN || (options & WAIT_NOHANG))
            break;
        err = wait_sleep_unlock(&task_current()->child_event, WAIT_FOREVER, interrupts);
        if (err)
            return err;
    }
    if (err == ERR_OK) {
        *pid = wait_finish_unlock(child, interrupts);
        return ERR_OK;
    }
    spin_unlock_irq(&sched_lock, interrupts);
    *pid = 0;
    return err == ERR_AGAIN ? ERR_OK : err;
}
