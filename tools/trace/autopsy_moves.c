/*
 * The last control transfers before it went wrong, from two sources: transfers
 * that are events of their own, and the branches that the recorder remembered.
 */
#include "autopsy.h"

#include <string.h>

enum { TICKS_NEAR = 8 /* so far apart, two moments are one to us */ };

/* Where to stop looking: at the first exception of the chain, or at the end. */
struct moves_limit {
    uint64_t ring; /* position in the ring */
    uint64_t tick;
    bool branches; /* the recorder's branches lead there */
};

static struct moves_limit moves_limit(const struct autopsy *a)
{
    if (a->chain_count == 0)
        return (struct moves_limit){ a->ring_count, a->end_tick, false };
    /* The exception itself is one of them. */
    return (struct moves_limit){ a->chain[0].moves + 1, a->chain[0].event.tick, false };
}

/* Does the ring show this move best? Calls and returns are among the branches too. */
static bool moves_takes(const struct autopsy *a, uint64_t i, const struct moves_limit *limit)
{
    const struct move *move = &a->ring[i % RING_MAX];

    if (a->ring_count - i > RING_MAX)
        return false;
    return a->branch_count == 0 || !limit->branches ||
           (move->kind >= MOVE_TRANSFER && move->tick + TICKS_NEAR >= limit->tick);
}

/*
 * The recorder's branches lead to the very end. They are good where the end is
 * what we look at; else they belong to what the kernel did about it.
 */
void autopsy_find_moves(struct autopsy *a)
{
    static struct move found[MOVES_MAX + BRANCHES_MAX];
    struct moves_limit limit = moves_limit(a);
    unsigned count = 0;

    limit.branches = limit.tick >= a->end_tick || a->end_tick - limit.tick <= TICKS_NEAR;
    if (limit.branches) {
        for (; count < a->branch_count; count++)
            found[count] = a->branch[count];
    }
    for (uint64_t i = limit.ring > MOVES_MAX ? limit.ring - MOVES_MAX : 0; i < limit.ring; i++) {
        if (moves_takes(a, i, &limit))
            found[count++] = a->ring[i % RING_MAX];
    }
    a->move_count = count < MOVES_MAX ? count : MOVES_MAX;
    memcpy(a->move, found + count - a->move_count, a->move_count * sizeof(found[0]));
}

/* Functions that were called at least twice among the last calls, each once. */
struct callees {
    unsigned count;
    uint64_t addr[4];
    unsigned times[4];
};

static void callees_add(struct callees *callees, uint64_t addr)
{
    for (unsigned i = 0; i < callees->count; i++) {
        if (callees->addr[i] == addr) {
            callees->times[i]++;
            return;
        }
    }
    if (callees->count < 4) {
        callees->addr[callees->count] = addr;
        callees->times[callees->count++] = 1;
    }
}

unsigned autopsy_recursion(const struct autopsy *a, char *buf, size_t size)
{
    struct callees callees = { 0 };
    unsigned calls = 0, returns = 0;
    size_t len = 0;
    char name[256];

    for (unsigned i = 0; i < a->move_count; i++) {
        calls += a->move[i].kind == MOVE_CALL;
        returns += a->move[i].kind == MOVE_RETURN;
        if (a->move[i].kind == MOVE_CALL)
            callees_add(&callees, a->move[i].to);
    }
    buf[0] = '\0';
    if (calls < returns + CALLS_DEEP)
        return 0;
    for (unsigned i = 0; i < callees.count && len < size; i++) {
        if (callees.times[i] > 2)
            len +=
                (size_t)snprintf(buf + len, size - len, "%s%s", len ? ", " : "",
                                 subject_function(a->subject, callees.addr[i], name, sizeof(name)));
    }
    return len ? calls - returns : 0;
}
