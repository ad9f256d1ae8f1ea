/*
 * futex: sleep while a word of memory holds a value. An address space has one
 * thread, so only shared memory has wakers; but C libraries call FUTEX_WAKE
 * wherever there might be a waiter, and process-shared semaphores wait.
 *
 *     waiters  ->  { frame address of the word, woken }  ->  ...   each on its task's stack
 *
 * The word is known by its physical address, which is the same in every process
 * that shares it: shared memory is resident and does not move.
 */
#include "arch/spinlock.h"
#include "arch/timer.h"
#include "kern/linux.h"
#include "kern/syscall.h"
#include "kern/time.h"
#include "lib/list.h"
#include "sched/task.h"
#include "sched/wait_queue.h"
#include "vm/address_space.h"
#include "vm/user_copy.h"

struct futex_waiter {
    struct list_node node; /* (l) in waiters */
    paddr_t word;          /* (!) */
    bool woken;            /* (l) */
};

static struct spinlock futex_lock = SPINLOCK_INIT(LOCK_PIPE);
static struct list_node waiters = { &waiters, &waiters }; /* (l) */
static struct wait_queue sleepers = WAIT_QUEUE_INIT(sleepers);

/* The word's value and where it lies. Errors: ERR_INVAL not aligned; ERR_FAULT, ERR_NOMEM. */
static err_t futex_read(vaddr_t addr, uint32_t *value, paddr_t *word)
{
    err_t err;

    if (!is_aligned(addr, sizeof(*value)))
        return ERR_INVAL;
    err = copy_from_user(value, addr, sizeof(*value));
    if (!err && !as_translate(task_current()->as, addr, word))
        err = ERR_FAULT;
    return err;
}

static int64_t futex_wait(vaddr_t addr, uint32_t expected, uint64_t deadline)
{
    struct futex_waiter waiter = { .woken = false };
    uint32_t value;
    err_t err;

    spin_lock(&futex_lock);
    err = futex_read(addr, &value, &waiter.word);
    if (!err && value != expected)
        err = ERR_AGAIN;
    if (!err) {
        list_push_back(&waiters, &waiter.node);
        while (!waiter.woken && !err)
            err = wait_sleep(&sleepers, &futex_lock, deadline);
        list_remove(&waiter.node);
        if (err == ERR_AGAIN)
            err = ERR_TIMEDOUT;
    }
    spin_unlock(&futex_lock);
    return waiter.woken ? ERR_OK : err;
}

static int64_t futex_wake(vaddr_t addr, uint32_t most)
{
    uint32_t value, count = 0;
    paddr_t word;
    err_t err;

    spin_lock(&futex_lock);
    err = futex_read(addr, &value, &word);
    if (!err) {
        LIST_FOR_EACH (node, next, &waiters) {
            struct futex_waiter *waiter = CONTAINER_OF(node, struct futex_waiter, node);

            if (count == most || waiter->woken || waiter->word.v != word.v)
                continue;
            waiter->woken = true;
            count++;
        }
        wait_wake_all(&sleepers);
    }
    spin_unlock(&futex_lock);
    return err ? (int64_t)err : count;
}

/* FUTEX_WAIT takes a span, FUTEX_WAIT_BITSET a time of one of two clocks. */
static err_t futex_deadline(unsigned op, vaddr_t time, uint64_t *deadline)
{
    bool absolute = (op & FUTEX_CMD_MASK) == FUTEX_WAIT_BITSET;
    int clock = op & FUTEX_CLOCK_REALTIME ? CLOCK_REALTIME : CLOCK_MONOTONIC;

    *deadline = WAIT_FOREVER;
    return time ? time_deadline(clock, absolute, time, deadline) : ERR_OK;
}

int64_t sys_futex(struct trap_frame *frame)
{
    unsigned op = (unsigned)frame->rsi;
    uint64_t deadline;
    err_t err;

    switch (op & FUTEX_CMD_MASK) {
    case FUTEX_WAIT:
    case FUTEX_WAIT_BITSET:
        err = futex_deadline(op, frame->r10, &deadline);
        return err ? err : futex_wait(frame->rdi, (uint32_t)frame->rdx, deadline);
    case FUTEX_WAKE:
    case FUTEX_WAKE_BITSET:
        return futex_wake(frame->rdi, (uint32_t)frame->rdx);
    default:
        return ERR_NOSYS;
    }
}
