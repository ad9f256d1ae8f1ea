#include "flow.h"

#include "image.h"

#include <stdlib.h>
#include <string.h>

enum { FORKS = 256, ROOTS = 256 };

struct left_state left_by(const struct trace_event *event, uint64_t n)
{
    struct left_state left = { .open = true, .event = n, .tick = event->tick };

    if (event->kind == EVENT_TRANSFER) {
        left.syscall = event->what == TRANSFER_SYSCALL;
        left.rip = event->v[0] + (left.syscall ? 2 : 0);
        left.rsp = left.syscall ? event->v[4] : 0;
    } else {
        left.rip = event->rip;
        left.rsp = event->kind == EVENT_EXCEPTION ? event->v[2] : event->v[0];
    }
    return left;
}

static bool state_matches(const struct left_state *left, const struct trace_event *event)
{
    bool near = !left->syscall && left->rsp == 0 && event->v[1] >= left->rip &&
                event->v[1] <= left->rip + 15; /* INT n: goes on behind it */

    return left->open && ((left->rip == event->v[1] && left->rsp == event->v[4]) || near);
}

struct left_state *states_match(struct states *states, const struct trace_event *event)
{
    for (unsigned i = 0; i < STATES; i++) {
        if (state_matches(&states->state[i], event))
            return &states->state[i];
    }
    return NULL;
}

void states_leave(struct states *states, struct left_state left)
{
    unsigned at = states->next;

    if (states->pending.hashed && states->pending.tick == left.tick) {
        left.hashed = true;
        left.hash = states->pending.hash;
        left.rax = states->pending.rax;
        left.hash2 = states->pending.hash2;
    }
    states->pending.hashed = false;
    for (unsigned i = 0; i < STATES && states->state[at].open; i++)
        at = (states->next + i) % STATES;
    if (states->state[at].open)
        at = (states->next + 1) % STATES;
    states->state[at] = left;
    states->next = at;
}

void states_registers(struct states *states, const struct trace_event *event)
{
    struct left_state *last = &states->state[states->next];
    struct left_state *to = last->open && last->tick == event->tick ? last : &states->pending;

    to->hashed = true;
    to->hash = event->v[0];
    to->rax = event->v[1];
    to->hash2 = event->v[2];
    to->tick = event->tick;
}

const char *left_difference(const struct left_state *left, const struct trace_event *event)
{
    if (!left->hashed)
        return NULL;
    if (event->v[0] != left->hash)
        return "the general registers (one of rbx, rbp, rsi, rdi, rdx, r8-r10, r12-r15)";
    if (!left->syscall && event->v[1] != left->rax)
        return "rax";
    return !left->syscall && event->v[2] != left->hash2 ? "rcx or r11" : NULL;
}

bool is_program_entry(const struct run *run, uint64_t rip)
{
    uint64_t entry = elf_entry(run->program);
    const char *bias = trace_parameter(run->trace, "program_bias");

    return entry && (rip == entry || (bias && rip == entry + strtoull(bias, NULL, 0)));
}

/* ---- the ways of all processes ---- */

/* A fork whose child has not started yet. */
struct fork {
    struct left_state at;
    uint64_t broken; /* the parent's, then */
    bool clone;      /* the child may have another stack */
};

struct flow {
    const struct run *run;
    struct states *states; /* by space */
    size_t room;
    struct fork forks[FORKS]; /* a ring: the oldest is given up */
    unsigned next_fork;
    /* The last entry of ring 3, which counts when its registers follow. */
    uint64_t entered;
    struct left_state returned; /* closed: with no state that was left */
    enum way_break how;
};

struct flow *flow_new(const struct run *run)
{
    struct flow *flow = calloc(1, sizeof(*flow));

    if (flow)
        flow->run = run;
    return flow;
}

void flow_free(struct flow *flow)
{
    if (flow)
        free(flow->states);
    free(flow);
}

static struct states *flow_states(struct flow *flow, const struct space *space)
{
    if (space->index >= flow->room) {
        size_t room = 2 * (size_t)space->index + 64;
        struct states *states = realloc(flow->states, room * sizeof(*states));

        if (!states)
            return NULL;
        memset(states + flow->room, 0, (room - flow->room) * sizeof(*states));
        flow->states = states;
        flow->room = room;
    }
    return &flow->states[space->index];
}

/* Where a child of fork would go on, and a child of clone with a stack of its own. */
static struct fork *flow_find_fork(struct flow *flow, const struct trace_event *event)
{
    for (unsigned i = 0; i < FORKS; i++) {
        struct fork *fork = &flow->forks[i];

        if (fork->at.open && fork->at.rip == event->v[1] &&
            (fork->at.rsp == event->v[4] || fork->clone))
            return fork;
    }
    return NULL;
}

/*
 * Where a space with the same root was left, which took an end before: a recorder cannot
 * always know that a root still is one while it is not loaded.
 */
static struct states *flow_find_root(struct flow *flow, const struct space *space)
{
    for (size_t i = space->index; i-- > 0 && space->index - i <= ROOTS;) {
        if (i < flow->room && flow->states[i].root == space->root)
            return &flow->states[i];
    }
    return NULL;
}

/* The registers of a system call tell whether it is one that returns twice. */
static void flow_left(struct flow *flow, const struct space *space, const struct states *states,
                      const struct trace_event *event)
{
    enum { CALL_CLONE = 56, CALL_FORK = 57, CALL_VFORK = 58 };
    const struct left_state *left = &states->state[states->next];

    if (!left->open || !left->syscall || left->tick != event->tick || left->rax < CALL_CLONE ||
        left->rax > CALL_VFORK)
        return;
    flow->forks[flow->next_fork] =
        (struct fork){ .at = *left, .broken = space->broken, .clone = left->rax == CALL_CLONE };
    flow->next_fork = (flow->next_fork + 1) % FORKS;
}

static void flow_enters(struct flow *flow, const struct space *space, struct states *states,
                        uint64_t n, const struct trace_event *event)
{
    struct states *before = space->first_user == n ? flow_find_root(flow, space) : NULL;
    struct left_state *left = states_match(states, event);
    struct fork *fork = left ? NULL : flow_find_fork(flow, event);

    if (!left && !fork && before)
        left = states_match(before, event);
    else
        before = NULL;
    flow->entered = n;
    flow->how = WAY_KEPT;
    flow->returned = left ? *left : fork ? fork->at : (struct left_state){ 0 };
    if (left)
        left->open = false;
    else if (fork)
        fork->at.open = false;
    if ((fork && fork->broken != NEVER) || (left && before && before->broken != NEVER))
        flow->how = WAY_PARENT;
    else if (!left && !fork && space->broken == NEVER && !is_program_entry(flow->run, event->v[1]))
        flow->how = space->first_user == n ? WAY_START : WAY_PLACE;
}

static void flow_entered(const struct flow *flow, struct space *space,
                         const struct trace_event *event)
{
    enum way_break how = flow->how;

    if (how == WAY_KEPT && left_difference(&flow->returned, event))
        how = WAY_REGISTERS;
    if (how == WAY_KEPT || space->broken != NEVER)
        return;
    space->broken = flow->entered;
    space->break_is = how;
}

bool flow_step(struct flow *flow, struct space *space, uint64_t n, const struct trace_event *event)
{
    bool leaves = event_leaves_user(event), enters = event_enters_user(event);
    struct states *states;

    if (!leaves && !enters && event->kind != EVENT_USER_STATE)
        return true;
    states = flow_states(flow, space);
    if (!states)
        return false;
    if (enters) {
        flow_enters(flow, space, states, n, event);
    } else if (leaves) {
        states_leave(states, left_by(event, n));
    } else if (event->what == USER_STATE_LEAVES) {
        states_registers(states, event);
        flow_left(flow, space, states, event);
    } else {
        flow_entered(flow, space, event);
    }
    states->root = space->root;
    states->broken = space->broken;
    return true;
}
