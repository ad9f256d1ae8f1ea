/*
 * The scheduler's two queues, as pure list logic that the host tests compile.
 *
 *     run_queue     ready tasks, first in, first out: round robin
 *     sleep_queue   sleepers with a deadline, the earliest first
 *
 * Nothing here allocates, and neither queue knows what a task is: both link
 * nodes that lie inside it. The caller holds the scheduler's lock.
 */
#pragma once

#include "lib/list.h"
#include "lib/types.h"

struct run_queue {
    struct list_node ready;
    unsigned count; /* nodes on the list */
};

#define RUN_QUEUE_INIT(q)                                                                          \
    {                                                                                              \
        .ready = { &(q).ready, &(q).ready }, .count = 0                                            \
    }

/* Append a node that is on no list. O(1). */
void rq_push(struct run_queue *rq, struct list_node *node);

/* Take the node that waits longest; null if there is none. O(1). */
struct list_node *rq_pop(struct run_queue *rq);

/* Take a node out of the middle. O(1). */
void rq_remove(struct run_queue *rq, struct list_node *node);

static inline bool rq_empty(const struct run_queue *rq)
{
    return rq->count == 0;
}

struct sleeper {
    struct list_node node;
    uint64_t wake_at; /* nanoseconds, as clock_ns() */
};

struct sleep_queue {
    struct list_node sleepers;
};

#define SLEEP_QUEUE_INIT(q)                                                                        \
    {                                                                                              \
        .sleepers = { &(q).sleepers, &(q).sleepers }                                               \
    }

/* Insert by wake_at; equal deadlines wake in the order of insertion. O(n) in sleepers. */
void sleep_queue_insert(struct sleep_queue *q, struct sleeper *sleeper);

/* Take out a sleeper before its time. O(1). */
void sleep_queue_remove(struct sleep_queue *q, struct sleeper *sleeper);

/* Take the first sleeper whose time has come, wake_at <= now; null if there is none. O(1). */
struct sleeper *sleep_queue_pop_due(struct sleep_queue *q, uint64_t now);
