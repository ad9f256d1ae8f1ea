/* The scheduler's queues. */
#include "sched/run_queue.h"

#include "check.h"

enum { NODES = 50 };

TEST(rq_is_first_in_first_out)
{
    struct run_queue rq = RUN_QUEUE_INIT(rq);
    struct list_node node[NODES];

    CHECK(rq_empty(&rq) && rq_pop(&rq) == NULL);
    for (unsigned i = 0; i < NODES; i++)
        rq_push(&rq, &node[i]);
    CHECK_EQ(rq.count, NODES);
    for (unsigned round = 0; round < 3 * NODES; round++) { /* round robin */
        struct list_node *next = rq_pop(&rq);

        CHECK(next == &node[round % NODES]);
        rq_push(&rq, next);
    }
    rq_remove(&rq, &node[7]);
    rq_remove(&rq, &node[0]);
    rq_remove(&rq, &node[NODES - 1]);
    for (unsigned i = 1; i < NODES - 1; i++)
        if (i != 7)
            CHECK(rq_pop(&rq) == &node[i]);
    CHECK(rq_empty(&rq) && rq_pop(&rq) == NULL);
}

TEST(rq_random_use)
{
    struct run_queue rq = RUN_QUEUE_INIT(rq);
    struct list_node node[NODES];
    unsigned order[NODES], count = 0;
    uint64_t rng = 17;
    bool queued[NODES] = { false };

    for (unsigned step = 0; step < 20000; step++) {
        unsigned i = (unsigned)rng_below(&rng, NODES), at = 0;

        if (!queued[i] && rng_below(&rng, 3)) {
            rq_push(&rq, &node[i]);
            order[count++] = i;
            queued[i] = true;
            continue;
        }
        if (count == 0)
            continue;
        if (queued[i] && rng_below(&rng, 2)) {
            while (order[at] != i)
                at++;
            rq_remove(&rq, &node[i]);
        } else {
            CHECK(rq_pop(&rq) == &node[order[0]]);
        }
        queued[order[at]] = false;
        for (count--; at < count; at++)
            order[at] = order[at + 1];
        CHECK_EQ(rq.count, count);
    }
}

TEST(sleepers_wake_in_order_of_time)
{
    struct sleep_queue q = SLEEP_QUEUE_INIT(q);
    struct sleeper s[NODES], *due;
    uint64_t rng = 23, last = 0;
    unsigned woken = 0;

    CHECK(sleep_queue_pop_due(&q, UINT64_MAX) == NULL);
    for (unsigned i = 0; i < NODES; i++) {
        s[i].wake_at = rng_below(&rng, 10);
        sleep_queue_insert(&q, &s[i]);
    }
    sleep_queue_remove(&q, &s[3]);
    for (uint64_t now = 0; now < 10; now++)
        while ((due = sleep_queue_pop_due(&q, now)) != NULL) {
            CHECK(due->wake_at <= now && due->wake_at >= last);
            CHECK(due != &s[3]);
            last = due->wake_at;
            woken++;
        }
    CHECK_EQ(woken, NODES - 1);
}

TEST(sleepers_of_one_time_wake_in_order_of_insertion)
{
    struct sleep_queue q = SLEEP_QUEUE_INIT(q);
    struct sleeper s[4] = {
        { .wake_at = 5 }, { .wake_at = 5 }, { .wake_at = 4 }, { .wake_at = 5 }
    };

    for (unsigned i = 0; i < 4; i++)
        sleep_queue_insert(&q, &s[i]);
    CHECK(sleep_queue_pop_due(&q, 3) == NULL);
    CHECK(sleep_queue_pop_due(&q, 5) == &s[2]);
    CHECK(sleep_queue_pop_due(&q, 5) == &s[0]);
    CHECK(sleep_queue_pop_due(&q, 5) == &s[1]);
    CHECK(sleep_queue_pop_due(&q, 5) == &s[3]);
    CHECK(sleep_queue_pop_due(&q, 5) == NULL);
}
