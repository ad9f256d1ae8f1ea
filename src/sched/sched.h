/*
 * The scheduler: round robin over one run queue with a quantum of one tick.
 *
 * Kernel tasks are preempted by the timer wherever preemption is not disabled;
 * user tasks when they return to ring 3. A system call that does not sleep is
 * therefore never interleaved with another one.
 *
 * Locks: each call takes LOCK_SCHED with interrupts off. See sched/task.h.
 */
#pragma once

#include "arch/spinlock.h"
#include "lib/err.h"
#include "lib/types.h"

struct address_space;
struct task;

extern struct spinlock sched_lock;

/* The boot flow becomes the idle task. Before anything that asks for task_current. */
void sched_init(struct address_space *kernel_as);

/* Run tasks, for ever. The caller's stack is idle's from now on. */
_Noreturn void sched_start(void);

/*
 * The timer's interrupt, with interrupts off: wake the sleepers that are due, with
 * ERR_AGAIN; if anybody is ready then, end the quantum by need_resched. The switch
 * happens on the way out of the interrupt.
 */
void sched_tick(void);

/* Let others run; the current task goes to the queue's tail, or stops if it was told to. */
void schedule(void);

/* Make a task ready; one that was stopped stays so. */
void sched_make_ready_locked(struct task *task);

/* End a task's sleep; wait_sleep returns reason. No effect on one that does not sleep. */
void sched_wake_locked(struct task *task, err_t reason);

/* Put the current task to sleep until deadline; the caller switches away next. */
void sched_sleep_locked(uint64_t deadline);

/*
 * Switch from the current task, whose state the caller has changed, to the one that
 * is ready longest, or to idle, and make that one RUNNING. Returns when the current
 * task runs again, with the lock released; at once if it is itself the next one. The
 * lock is held across context_switch: who was switched to releases it, here behind
 * context_switch or where a new task begins, by sched_finish_switch. Saves the FPU
 * registers of a program, and counts its time (cpu_ns). Ends the quantum:
 * need_resched is false afterwards. interrupts: what spin_lock_irq returned.
 */
void sched_switch_unlock(bool interrupts);

/*
 * Called by who was switched to, with the task before, which may be a zombie; preemption
 * is disabled. For who wants to watch (src/show); null: nobody does.
 */
extern void (*sched_hook)(struct task *from); /* (!) */

/* The ready tasks, the next one to run first; at most max. Returns how many. */
unsigned sched_list_ready(struct task **out, unsigned max);

/* Park a ready task, or let a stopped one run again. */
void sched_stop_locked(struct task *task);
void sched_continue_locked(struct task *task);
