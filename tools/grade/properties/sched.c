/* Scheduling: turns, fairness, preemption, idling. */
#include "define.h"
#include "turns.h"

enum { STACK_PAGES_MAX = 16 };

#define PROCESSES INTEGER("processes", "how many share the CPU; missing: all that ran")

static bool turn_is_inside(const struct turns *turns, const struct turn *turn)
{
    return turn->event >= turns->from && turn->event <= turns->until &&
           turns_member(turns, turn->space) >= 0;
}

/* Between two turns of one, each other one must have had its own. */
static void judge_robin(struct judgement *j, const struct turns *turns)
{
    uint64_t slack = (uint64_t)with_integer(j, "slack", 0), irregular = 0, seen = 0;
    uint64_t last[GROUP_MAX] = { 0 }; /* number of the last turn, from 1 */
    char who[LABEL_MAX];

    for (size_t i = 0; i < turns->count && !judgement_decided(j); i++) {
        const struct turn *turn = &turns->turn[i];
        int member = turns_member(turns, turn->space);
        uint64_t between;

        if (!turn_is_inside(turns, turn))
            continue;
        seen++;
        between = last[member] ? seen - last[member] : turns->members;
        last[member] = seen;
        if (between == turns->members || ++irregular <= slack)
            continue;
        judgement_fail_at(j, turn->event,
                          "%s gets the CPU at tick %" PRIu64 " after %" PRIu64
                          " turns of others, where each of the other %u processes should have had "
                          "exactly one: round robin takes the first of the queue, and puts who was "
                          "interrupted at its end.",
                          space_label(turn->space, who), turn->from, between - 1,
                          turns->members - 1);
    }
    judgement_need(j, seen, 2 * (uint64_t)turns->members, "a turn in order");
}

PROPERTY(round_robin, "Processes that are ready take turns in one order", PROCESSES,
         INTEGER("slack", "turns out of order that are tolerated (default 0)"))
{
    struct turns turns = { 0 };

    if (turns_collect(j, &turns) && turns_choose(j, &turns))
        judge_robin(j, &turns);
    free(turns.turn);
}

static void judge_fair(struct judgement *j, const struct turns *turns)
{
    uint64_t percent = (uint64_t)with_integer(j, "percent", 20), ticks[GROUP_MAX] = { 0 };
    uint64_t total = 0, mean, longest = 0; /* a turn more or less is the window's edge */
    char who[LABEL_MAX];

    for (size_t i = 0; i < turns->count; i++) {
        if (!turn_is_inside(turns, &turns->turn[i]))
            continue;
        if (turns->turn[i].user_ticks > longest)
            longest = turns->turn[i].user_ticks;
        ticks[turns_member(turns, turns->turn[i].space)] += turns->turn[i].user_ticks;
        total += turns->turn[i].user_ticks;
    }
    mean = total / turns->members;
    if (mean == 0)
        return judgement_fail_at(j, NEVER,
                                 "The processes never shared the CPU: no tick of ring 3 "
                                 "lies in the time when all of them lived.");
    for (unsigned i = 0; i < turns->members && percent <= 100; i++) {
        uint64_t off = ticks[i] > mean ? ticks[i] - mean : mean - ticks[i];

        if (off <= longest + mean / 100 * percent + mean % 100 * percent / 100)
            continue;
        judgement_fail_at(j, NEVER,
                          "%s had %" PRIu64 " ticks of ring 3 while all %u processes were ready; "
                          "an equal share is %" PRIu64 " (%" PRIu64 " %% are tolerated).",
                          space_label(turns->group[i], who), ticks[i], turns->members, mean,
                          percent);
    }
}

PROPERTY(fair_ticks, "Processes that are ready get equal time in ring 3", PROCESSES,
         INTEGER("percent", "deviation from the mean that is tolerated (default 20)"))
{
    struct turns turns = { 0 };

    if (turns_collect(j, &turns) && turns_choose(j, &turns))
        judge_fair(j, &turns);
    free(turns.turn);
}

/* ---- preemption ---- */

struct preemption {
    bool *ready; /* by space: interrupted, and waiting for its next turn */
    unsigned ready_count;
    struct space *owner;
    uint64_t since; /* tick from which owner runs while somebody is ready; NEVER: nobody is */
    uint64_t preempted;
};

static void preemption_enter(struct preemption *p, const struct judgement *j)
{
    if (p->ready[j->space->index]) {
        p->ready[j->space->index] = false;
        p->ready_count--;
    }
    if (p->owner != j->space && p->owner)
        p->preempted += j->inside && p->ready[p->owner->index];
    if (p->owner != j->space || p->since == NEVER)
        p->since = p->ready_count ? j->event.tick : NEVER;
    p->owner = j->space;
}

static void preemption_leave(struct preemption *p, const struct judgement *j)
{
    if (j->event.kind == EVENT_INTERRUPT && !p->ready[j->space->index]) {
        p->ready[j->space->index] = true;
        p->ready_count++;
    }
}

PROPERTY(preempted_within, "Nobody keeps ring 3 for long while another process is ready",
         INTEGER_("ticks", "instructions at most"))
{
    uint64_t ticks = (uint64_t)with_integer(j, "ticks", 0);
    struct preemption p = { .ready = calloc(j->survey.spaces + 1, sizeof(bool)), .since = NEVER };
    char who[LABEL_MAX];

    while (p.ready && judgement_next(j)) {
        bool leaves = event_leaves_user(&j->event);

        if (!j->space)
            continue;
        if (event_enters_user(&j->event))
            preemption_enter(&p, j);
        if ((leaves || j->n + 1 >= j->events) && j->user && j->inside && p.since != NEVER &&
            j->event.tick - p.since > ticks && p.ready_count > p.ready[j->space->index])
            judgement_fail(j,
                           "%s has ring 3 since tick %" PRIu64 " and still at tick %" PRIu64
                           " (%" PRIu64 " instructions), while another process waits for the CPU: "
                           "the timer must take it away after %" PRIu64 ".",
                           space_label(j->space, who), p.since, j->event.tick,
                           j->event.tick - p.since, ticks);
        if (leaves)
            preemption_leave(&p, j);
    }
    free(p.ready);
    judgement_need(j, p.preempted, 1, "a process that lost the CPU to another by an interrupt");
}

/* ---- who ran ---- */

PROPERTY(processes_ran, "So many processes ran code in ring 3", INTEGER("max", "processes at most"))
{
    long long max = with_integer(j, "max", -1);

    if (max >= 0 && j->survey.processes > (uint64_t)max)
        judgement_fail_at(j, NEVER, "%u processes ran code in ring 3, where %lld were started.",
                          j->survey.processes, max);
    judgement_need(j, j->survey.processes, 1, "another process in ring 3");
}

PROPERTY(interleaved, "Ring 3 changes between processes that both go on later")
{
    struct space *last = NULL;
    uint64_t changes = 0;

    while (judgement_next(j)) {
        if (!j->space || !event_enters_user(&j->event))
            continue;
        changes += last && last != j->space && last->last_user > j->n && j->inside;
        last = j->space;
    }
    judgement_need(j, changes, 1, "a change from one living process to another");
}

/* ---- idling ---- */

PROPERTY(idle_halts, "With nothing to run, the CPU halts with interrupts on")
{
    uint64_t halts = 0;

    while (judgement_next(j)) {
        if (j->event.kind != EVENT_HALT || !j->inside)
            continue;
        if (!(j->event.v[0] & RFLAGS_IF))
            return judgement_fail(j,
                                  "%s executes HLT with interrupts off at tick %" PRIu64
                                  ": nothing can wake the CPU again.",
                                  judgement_function(j), j->event.tick);
        halts++;
    }
    judgement_need(j, halts, 1, "HLT with interrupts on");
}

PROPERTY(waits_without_spinning, "No stay in ring 0 is long: the kernel waits by halting",
         INTEGER_("max_ticks", "instructions at most"))
{
    uint64_t max = (uint64_t)with_integer(j, "max_ticks", 0), since = 0;
    bool inside = false; /* in ring 0, after there was a ring 3 */
    char who[LABEL_MAX];

    while (judgement_next(j)) {
        const struct trace_event *event = &j->event;

        if (inside && j->inside && event->tick - since > max)
            return judgement_fail(
                j,
                "The kernel was in ring 0 from tick %" PRIu64 " to %" PRIu64
                " without a pause, in the end in %s (%s): waiting in a loop keeps "
                "the CPU from everybody else; halt, or run another task.",
                since, event->tick, judgement_function(j), space_label(j->space, who));
        if (event_leaves_user(event) || (event->kind == EVENT_INTERRUPT && !inside)) {
            inside = true;
            since = event->tick;
        } else if (event_enters_user(event) || event->kind == EVENT_HALT) {
            inside = false;
        }
    }
}

/* ---- stacks ---- */

/*
 * The lowest page of the stack that holds rsp: below it lies a page that is not mapped.
 * Where there is none near, as in a direct map, each page counts for itself.
 */
static uint64_t stack_of(struct judgement *j, uint64_t rsp)
{
    struct replay *tables = judgement_tables(j);
    uint64_t page = rsp & ~(PAGE_SIZE - 1);
    struct walk below;

    for (unsigned i = 0; tables && i < STACK_PAGES_MAX; i++) {
        replay_walk(tables, j->cr3 & ENTRY_ADDR, page - (i + 1) * PAGE_SIZE, &below);
        if (!below.present)
            return page - i * PAGE_SIZE;
    }
    return page;
}

PROPERTY(kernel_stacks_distinct, "Each process has a kernel stack of its own")
{
    struct replay_map owner; /* index + 1 of the space, by the lowest page of a stack */
    uint64_t seen = 0;
    char who[LABEL_MAX], whom[LABEL_MAX];

    replay_map_init(&owner);
    while (judgement_next(j)) {
        const struct trace_event *event = &j->event;
        struct space *other;
        uint64_t stack;
        uintptr_t index;

        /* Only a fault while copying for a process is surely on that process's stack. */
        if (!j->space || !j->space->process || !j->inside || event->kind != EVENT_EXCEPTION ||
            event->what != VECTOR_PF || event->ring != 0 || event->v[1] >= UINT64_C(1) << 47)
            continue;
        seen++;
        stack = stack_of(j, event->v[2]);
        index = (uintptr_t)replay_map_get(&owner, stack >> 12);
        other = index ? &j->survey.space[index - 1] : NULL;
        if (other && other != j->space && other->last_left > j->n && other->first_user != NEVER &&
            other->last_user > j->n)
            judgement_fail(j,
                           "The kernel works for %s at tick %" PRIu64 " on the stack at 0x%" PRIx64
                           ", on which it also worked for %s, "
                           "which goes on later: each task needs a stack of its own.",
                           space_label(j->space, who), event->tick, stack,
                           space_label(other, whom));
        replay_map_remove(&owner, stack >> 12);
        if (owner.used < 1 << 20)
            replay_map_add(&owner, stack >> 12, (void *)(uintptr_t)(j->space->index + 1));
    }
    replay_map_free(&owner);
    judgement_need(j, seen, 1, "a look at the kernel's stack of a process");
}
