/*
 * Misconception: taking the next task is looking at the first one. It stays on the
 * queue, and goes on it once more when its turn is over.
 *
 * Fails: first-program
 */
struct list_node *rq_pop(struct run_queue *rq)
{
    return rq_empty(rq) ? NULL : rq->ready.next;
}
