/*
 * Tasks: what the scheduler switches between.
 *
 * A kernel task runs a function of the kernel in the kernel's address space. A
 * user task is one process: an address space, a trap frame at the top of its
 * kernel stack that says where the program was, and whatever kern hangs on it
 * (files, signal actions). A kernel task becomes a user task by exec.
 *
 *      task_new        task_start             schedule
 *     ----------> NEW ------------> READY ----------------> RUNNING
 *                  |                 ^ ^ ^   quantum over,     | |
 *     task_discard |                 | | +---- sched_yield ----+ |
 *                  v                 | |                       | |
 *                 gone        wake,  | | SIGCONT,              | |
 *                          deadline, | | SIGKILL               | |
 *                             signal | |                       | |
 *                    +-----> SLEEPING  STOPPED <--- SIGSTOP ---+ |
 *                    |          |         ^                    | | task_exit
 *                    |          +---------+  woken while       | v
 *                    |                       stopped           | ZOMBIE
 *                    +-------------- wait_sleep ---------------+   |
 *                                                        task_wait v
 *                                                                 gone
 *
 * A task that exits gives back its address space and files first. Its kernel
 * stack is freed by the task that runs next, which is the first moment at which
 * nobody stands on it. A zombie is a struct task with a status; the parent frees
 * it in task_wait. Children of a task that exits go to pid 1.
 *
 * One process has one thread, so that what belongs to a process alone, (t)
 * below, needs no lock: only the task itself touches it, and whoever made it
 * before it started. Two tasks share an address space only between vfork and
 * exec or exit, while the parent sleeps.
 *
 * Lock order (enum lock_rank, arch/spinlock.h), outermost first:
 *
 *     pipe, poll -> list of spaces -> address space -> kernel stacks -> caches -> frames
 *         -> scheduler -> log
 *
 * The scheduler's one lock covers the states, the queues, the family tree and
 * pending signals, taken with interrupts off. It is held across
 * context_switch: the task that was switched to releases it, so that no CPU can
 * pick a task whose registers are still being saved.
 *
 * Marks: (s) scheduler's lock, (t) the task itself, (!) constant after
 * task_start.
 */
#pragma once

#include "lib/err.h"
#include "lib/list.h"
#include "lib/types.h"
#include "sched/run_queue.h"
#include "sched/wait_queue.h"

struct address_space;
struct trap_frame;
struct process; /* kern/process.h */

enum task_state {
    TASK_NEW,
    TASK_READY,
    TASK_RUNNING,
    TASK_SLEEPING,
    TASK_STOPPED,
    TASK_ZOMBIE,
};

enum { TASK_NAME_MAX = 16, FPU_STATE_SIZE = 512 };
enum { PID_IDLE = 0, PID_INIT = 1, PID_PROGRAM = 2, PID_MAX = 32768 };

/* Sets of signals: bit n - 1 is signal n. */
struct signal_state {
    uint64_t pending; /* (s) sent, not yet acted on; ignored or caught ones only while blocked */
    uint64_t blocked; /* (s) */
    uint64_t ignored; /* (s) by choice of the program */
    uint64_t caught;  /* (s) have a handler, which this kernel never calls */
};

struct task {
    _Alignas(16) uint8_t fpu[FPU_STATE_SIZE]; /* (s) x87 and SSE registers while not running */
    uint64_t rsp;                             /* (s) of the kernel stack while not running */
    void *kstack;                             /* (s) top of the kernel stack; null for a zombie */
    struct address_space *as;                 /* (s) the kernel's own for kernel tasks */
    uint64_t fs_base, gs_base;                /* (t) the program's */

    int pid;                     /* (!) 1 and up; 0 is idle */
    char name[TASK_NAME_MAX];    /* (t) for the log */
    enum task_state state;       /* (s) */
    bool stopped;                /* (s) by a signal: never READY until continued */
    struct list_node queue_node; /* (s) on the run queue or a wait queue */
    struct sleeper sleeper;      /* (s) on the sleep queue, if it has a deadline */
    err_t wake_reason;           /* (s) what wait_sleep returns */
    uint64_t cpu_ns;             /* (s) time it has run, up to the last switch */
    uint64_t switched_in;        /* (s) clock_ns() when it last began to run */

    struct task *parent;                /* (s) pid 1's is idle */
    struct list_node all_node;          /* (s) on the list of all tasks */
    struct list_node children, sibling; /* (s) */
    struct wait_queue child_event;      /* (s) the parent waits here for its children */
    int exit_signal;                    /* (!) what the parent is sent: SIGCHLD or other */
    int exit_status;                    /* (s) of a zombie, as wait4 encodes it */
    int job_status;                     /* (s) stopped or continued since the last wait; 0 */
    bool vfork_pending;                 /* (s) the parent waits for exec or exit */
    bool vfork_waits;                   /* (s) for a child's exec or exit */
    struct signal_state signal;

    void (*entry)(void *);   /* (!) where it starts */
    void *entry_arg;         /* (!) */
    bool out_of_memory;      /* (t) a user copy failed for want of memory, in this system call */
    vaddr_t set_child_tid;   /* (t) where to leave the pid when it starts; or 0 */
    vaddr_t brk_start, brk;  /* (t) */
    const char *exe;         /* (t) path in the image, without leading slash */
    struct process *process; /* (t) what kern hangs on a user task */
};

/* The task that runs on this CPU. */
struct task *task_current(void);

/*
 * Make a kernel task that will call entry(arg) with interrupts on. It is not
 * known to anyone before task_start. Errors: ERR_NOMEM, ERR_AGAIN without a free pid.
 */
err_t task_new(const char *name, void (*entry)(void *), void *arg, struct task **out);

/* What a clone does not copy from the caller. */
struct task_clone {
    bool share_memory;          /* vfork: the child runs in the caller's address space */
    bool vfork;                 /* the caller means to wait in task_wait_vfork */
    void (*entry)(void *frame); /* called in the child with its trap frame; never returns */
};

/*
 * Make a child of the current user task: its address space cloned copy-on-write
 * or shared, its FPU state, FS base and signal masks copied; not its files and
 * actions. The child's trap frame is a copy of the caller's, with rax 0.
 * Errors: ERR_NOMEM, ERR_AGAIN without a free pid; nothing is left then.
 */
err_t task_fork(const struct task_clone *how, struct task **out);

/* Make a new task known, as a child of the current one, and ready to run. */
void task_start(struct task *task);

/* Undo task_new or task_fork. */
void task_discard(struct task *task);

/* The trap frame at the top of a task's kernel stack: what the program's registers are. */
struct trap_frame *task_frame(const struct task *task);

/* A task that has a program; pid 1 and idle have none. */
bool task_is_user(const struct task *task);

/*
 * End the current task with a status as wait4 encodes it. Files and actions are
 * gone already. Frees the address space, orphans the children, wakes the parent.
 */
_Noreturn void task_exit(int status);

/* Let the parent of a vfork go on, after exec has replaced the shared memory. */
void task_release_vfork(void);

/* Sleep until the child last made, with .vfork, execs or exits; or until a fatal signal. */
void task_wait_vfork(void);

/* Options and special pids of wait4, Linux's values. */
enum {
    WAIT_NOHANG = 1,
    WAIT_UNTRACED = 2,
    WAIT_CONTINUED = 8,
    WAIT_CLONE = (int)0x80000000, /* only children whose exit signal is not SIGCHLD */
    WAIT_ALL = 0x40000000,        /* either sort */
};

/*
 * Wait for a child of the current task: which is its pid, or -1 for any. *pid
 * gets 0 if none is ready and WAIT_NOHANG is given. Frees a zombie.
 * Errors: ERR_CHILD without such a child, ERR_INTR.
 */
err_t task_wait(int which, int options, int *pid, int *status);

/* Processes that exist, zombies too; idle and pid 1 do not count. */
unsigned task_count(void);

/* Time the current task has run, nanoseconds. */
uint64_t task_cpu_time(void);

/* All tasks but idle, by all_node (s); read by the debugger's q-tasks too. */
extern struct list_node task_list;

/* The process with this pid, zombies too; null if there is none, and for idle. */
struct task *task_find_locked(int pid);
