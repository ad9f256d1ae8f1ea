/*
 * Misconception: one event, one waiter. What happened may concern all of them, and
 * nobody wakes those who are left.
 *
 * Fails: all-are-woken, woken-anywhere
 */
void wait_wake_all_locked(struct wait_queue *q)
{
    if (!list_empty(&q->waiters))
        sched_wake_locked(CONTAINER_OF(q->waiters.next, struct task, queue_node), ERR_OK);
}
