/*
 * Misconception: the count is only statistics. rq_empty looks at nothing else, so
 * the queue is never empty again.
 *
 * Fails: sleepers-in-order, all-are-woken, woken-anywhere
 */
struct list_node *rq_pop(struct run_queue *rq)
{
    struct list_node *first = rq->ready.next;

    if (rq_empty(rq))
        return NULL;
    list_remove(first);
    return first;
}
