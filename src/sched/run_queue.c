/* Run queue and sleep queue: see run_queue.h. */
#include "sched/run_queue.h"

void rq_push(struct run_queue *rq, struct list_node *node)
{
    list_push_back(&rq->ready, node);
    rq->count++;
}

struct list_node *rq_pop(struct run_queue *rq)
{
    struct list_node *first = rq->ready.next;

    if (rq_empty(rq))
        return NULL;
    rq_remove(rq, first);
    return first;
}

void rq_remove(struct run_queue *rq, struct list_node *node)
{
    list_remove(node);
    rq->count--;
}

static struct sleeper *sleeper_of(struct list_node *node)
{
    return CONTAINER_OF(node, struct sleeper, node);
}

void sleep_queue_insert(struct sleep_queue *q, struct sleeper *sleeper)
{
    struct list_node *pos = q->sleepers.next;

    while (pos != &q->sleepers && sleeper_of(pos)->wake_at <= sleeper->wake_at)
        pos = pos->next;
    list_insert_before(pos, &sleeper->node);
}

void sleep_queue_remove(struct sleep_queue *q, struct sleeper *sleeper)
{
    (void)q;
    list_remove(&sleeper->node);
}

struct sleeper *sleep_queue_pop_due(struct sleep_queue *q, uint64_t now)
{
    struct sleeper *first = sleeper_of(q->sleepers.next);

    if (list_empty(&q->sleepers) || first->wake_at > now)
        return NULL;
    list_remove(&first->node);
    return first;
}
