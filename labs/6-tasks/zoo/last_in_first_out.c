/*
 * Misconception: a queue is a list, and the front is as good as the back. A task
 * whose quantum is over is the next one again, and the others starve.
 *
 * Fails: turns-in-order, preempted, turns-of-seven
 */
void rq_push(struct run_queue *rq, struct list_node *node)
{
    list_push_front(&rq->ready, node);
    rq->count++;
}
