/* Events from observation: see watch.h. */
#include "show/watch.h"

#include "arch/cpu.h"
#include "arch/layout.h"
#include "arch/trap_frame.h"
#include "kern/console.h"
#include "kern/fd.h"
#include "kern/linux.h"
#include "show/events.h"
#include "show/tasks.h"
#include "vm/address_space.h"
#include "vm/pt.h"
#include "vm/user_copy.h"

enum { CALL_WRITE = 1, CALL_WRITEV = 20, CALL_EXECVE = 59 };

/* The fault that is being handled: whose, where, and the leaf as it was. */
static struct {
    const struct task *task; /* null: none */
    vaddr_t va;
    pte_t leaf;
    paddr_t frame;
} fault;

static int newest_pid;   /* of the tasks known so far */
static int last_running; /* pid of the last task that ran, idle left aside */
static paddr_t last_frame;
static bool last_is_zeroed;
static vaddr_t last_address;
static int last_pid;

/* The leaf for va, and the 4 KiB frame that it maps there. */
static pte_t leaf_of(const struct task *task, vaddr_t va, paddr_t *frame)
{
    struct page_tables pt = { .root = as_cr3(task->as) };
    enum pt_level level;
    pte_t leaf = *pt_lookup(&pt, va, &level);

    frame->v = align_down(pte_addr(leaf).v, pt_span(level)) + (va & (pt_span(level) - 1));
    frame->v = align_down(frame->v, PAGE_SIZE);
    return leaf;
}

void watch_fault_begin(void)
{
    const struct task *task = task_current();
    vaddr_t va = cpu_read_cr2();

    if (!task_is_user(task) || va >= USER_MAX)
        return;
    fault.task = task;
    fault.va = va;
    fault.leaf = leaf_of(task, va, &fault.frame);
}

void watch_fault_end(void)
{
    const struct task *task = fault.task;
    struct event event = { .kind = EVENT_DENIED, .va = fault.va };
    paddr_t frame = fault.frame;
    pte_t leaf = fault.leaf;

    if (!task)
        return;
    fault.task = NULL;
    if (task_is_user(task)) /* otherwise it has died of it */
        leaf = leaf_of(task, fault.va, &frame);
    if (((leaf.v ^ fault.leaf.v) & ~(PTE_A | PTE_D)) == 0 && (task_is_user(task) && pte_used(leaf)))
        return; /* resolved already, or denied: the signal will say so */
    if (pte_used(leaf) && leaf.v != fault.leaf.v)
        event.kind = !pte_used(fault.leaf)      ? EVENT_ZERO
                     : frame.v != fault.frame.v ? EVENT_COPY
                                                : EVENT_OWN;
    event.pid = task->pid;
    event.from = fault.frame;
    event.to = last_frame = frame;
    last_is_zeroed = event.kind == EVENT_ZERO;
    last_address = fault.va;
    last_pid = task->pid;
    event_add(event);
}

/* Tasks are listed in the order in which they are made; pids start again after PID_MAX. */
static void look_for_new_task(void)
{
    const struct task *task = CONTAINER_OF(task_list.prev, struct task, all_node);
    int newer = (task->pid - newest_pid + PID_MAX) % PID_MAX;

    if (newer == 0 || newer > PID_MAX / 2 || task->state == TASK_NEW)
        return;
    newest_pid = task->pid;
    if (task->pid > PID_INIT && task->parent)
        event_add(
            (struct event){ .kind = EVENT_FORK, .pid = task->parent->pid, .other = task->pid });
}

/* What a program writes on the console's standard output is the narration. */
static void take_narration(uint64_t fd, vaddr_t at, uint64_t len)
{
    char text[128];
    struct file *file;

    if (fd_find((int)fd, &file) != ERR_OK || !console_is_output(file))
        return;
    while (len > 0) {
        uint64_t part = min_u64(len, sizeof(text));

        if (copy_from_user(text, at, part) != ERR_OK)
            return;
        narration_add(text, part);
        at += part;
        len -= part;
    }
}

static void take_vector(const struct trap_frame *frame)
{
    uint64_t left = frame->rax;

    for (uint64_t i = 0; i < frame->rdx && left > 0; i++) {
        struct linux_iovec part;

        if (copy_from_user(&part, frame->rsi + i * sizeof(part), sizeof(part)) != ERR_OK)
            return;
        part.len = min_u64(part.len, left);
        take_narration(frame->rdi, part.base, part.len);
        left -= part.len;
    }
}

void watch_call(uint64_t number, const struct trap_frame *frame)
{
    const struct task *task = task_current();
    bool failed = (int64_t)frame->rax < 0 && (int64_t)frame->rax > -4096;

    look_for_new_task();
    if (failed)
        return;
    if (number == CALL_WRITE)
        take_narration(frame->rdi, frame->rsi, frame->rax);
    else if (number == CALL_WRITEV)
        take_vector(frame);
    else if (number == CALL_EXECVE)
        event_add((struct event){ .kind = EVENT_EXEC, .pid = task->pid });
    else if (event_call_name(number))
        event_add((struct event){ .kind = EVENT_CALL,
                                  .pid = task->pid,
                                  .other = (int)number,
                                  .va = number == 9 || number == 12 ? frame->rax : frame->rdi });
}

void watch_switch(const struct task *from)
{
    const struct task *task = task_current();

    watch_fault_end();
    look_for_new_task();
    if (from->state == TASK_ZOMBIE && from->pid > PID_INIT)
        event_add(
            (struct event){ .kind = EVENT_EXIT, .pid = from->pid, .other = from->exit_status });
    if (task->pid <= PID_INIT || task->pid == last_running)
        return;
    last_running = task->pid;
    event_add((struct event){ .kind = EVENT_SWITCH, .pid = task->pid });
}

paddr_t watch_last_frame(void)
{
    return last_frame;
}

bool watch_last_is_zeroed(void)
{
    return last_is_zeroed;
}

vaddr_t watch_last_fault(int *pid)
{
    if (last_pid != 0)
        *pid = last_pid;
    return last_address;
}
