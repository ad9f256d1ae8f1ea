/*
 * Different: the ready list is walked and linked by hand, and its count follows; a
 * new context is written word by word.
 *
 * Flags: -O3
 */
void rq_push(struct run_queue *rq, struct list_node *node)
{
    struct list_node *head = &rq->ready, *last = head;

    while (last->next != head)
        last = last->next;
    last->next = node;
    node->prev = last;
    node->next = head;
    head->prev = node;
    ++rq->count;
}

struct list_node *rq_pop(struct run_queue *rq)
{
    struct list_node *head = &rq->ready, *first;

    if (rq->count == 0)
        return NULL;
    first = head->next;
    head->next = first->next;
    first->next->prev = head;
    first->next = first->prev = first;
    --rq->count;
    return first;
}

uint64_t context_init(void *stack_top, void (*entry)(void *), void *arg)
{
    uint64_t *word = stack_top;

    *--word = 0;
    *--word = 0;
    *--word = (uint64_t)context_start;
    *--word = 0; /* rbp */
    *--word = (uint64_t)entry;
    *--word = (uint64_t)arg;
    for (int i = 0; i < 3; i++)
        *--word = 0;
    return (uint64_t)word;
}
