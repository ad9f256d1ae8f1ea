#include "turns.h"

#include <inttypes.h>
#include <stdlib.h>

enum { TURNS_MAX = 1 << 22 };

static struct turn *turns_add(struct turns *turns, size_t *room)
{
    if (turns->count == *room) {
        size_t more = *room ? *room * 2 : 256;
        struct turn *turn = more > TURNS_MAX ? NULL : realloc(turns->turn, more * sizeof(*turn));

        if (!turn)
            return NULL;
        turns->turn = turn;
        *room = more;
    }
    return &turns->turn[turns->count++];
}

/* Ring 3 is entered: by whoever had it before, or a new turn begins. NULL: too many. */
static struct turn *turns_enter(const struct judgement *j, struct turns *turns, size_t *room,
                                struct turn *turn)
{
    if (turn && turn->space == j->space)
        return turn;
    turn = turns_add(turns, room);
    if (turn)
        *turn = (struct turn){ .space = j->space, .from = j->event.tick, .event = j->n };
    return turn;
}

bool turns_collect(struct judgement *j, struct turns *turns)
{
    struct turn *turn = NULL;
    uint64_t entered = 0;
    size_t room = 0;

    while (judgement_next(j)) {
        const struct trace_event *event = &j->event;

        if (j->space && event_enters_user(event)) {
            turn = turns_enter(j, turns, &room, turn);
            if (!turn)
                judgement_fail(j, "The run has more turns than can be followed.");
            entered = event->tick;
        } else if (turn && j->user && event_leaves_user(event)) {
            turn->to = event->tick;
            turn->user_ticks += event->tick - entered;
            turn->preempted = event->kind == EVENT_INTERRUPT;
        }
    }
    return !judgement_decided(j);
}

/* Ticks of ring 3 in the window, by space; the caller frees it. NULL: memory is out. */
static uint64_t *ticks_by_space(const struct judgement *j, const struct turns *turns)
{
    uint64_t *ticks = calloc(j->survey.spaces + 1, sizeof(*ticks));

    for (size_t i = 0; ticks && i < turns->count; i++) {
        const struct turn *turn = &turns->turn[i];

        if (turn->event >= j->from && turn->event < j->until)
            ticks[turn->space->index] += turn->user_ticks;
    }
    return ticks;
}

/* Keep the group ordered by ticks, the most first; at most max members. */
static void group_insert(struct turns *turns, uint64_t *ticks, unsigned max, struct space *space,
                         uint64_t mine)
{
    unsigned at = turns->members < max ? turns->members : max;

    while (at > 0 && ticks[at - 1] < mine) {
        if (at < max) {
            ticks[at] = ticks[at - 1];
            turns->group[at] = turns->group[at - 1];
        }
        at--;
    }
    if (at >= max)
        return;
    ticks[at] = mine;
    turns->group[at] = space;
    turns->members += turns->members < max;
}

bool turns_choose(struct judgement *j, struct turns *turns)
{
    long long wanted = with_integer(j, "processes", 0);
    unsigned max = wanted > 0 && wanted < GROUP_MAX ? (unsigned)wanted : GROUP_MAX;
    uint64_t *had = ticks_by_space(j, turns), ticks[GROUP_MAX] = { 0 };

    for (size_t i = 0; had && i < j->survey.spaces; i++) {
        if (had[i])
            group_insert(turns, ticks, max, &j->survey.space[i], had[i]);
    }
    free(had);
    if (turns->members < 2 || (wanted > 0 && turns->members < (unsigned)wanted)) {
        judgement_fail_at(j, NEVER,
                          "Only %u processes ran code in ring 3, where %lld share the CPU when "
                          "all goes well.",
                          turns->members, wanted > 0 ? wanted : 2LL);
        return false;
    }
    turns->from = j->from;
    turns->until = j->until;
    for (unsigned i = 0; i < turns->members; i++) {
        if (turns->group[i]->first_user > turns->from)
            turns->from = turns->group[i]->first_user;
        if (turns->group[i]->last_user < turns->until)
            turns->until = turns->group[i]->last_user;
    }
    return true;
}

int turns_member(const struct turns *turns, const struct space *space)
{
    for (unsigned i = 0; i < turns->members; i++) {
        if (turns->group[i] == space)
            return (int)i;
    }
    return -1;
}
