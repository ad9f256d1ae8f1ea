/* Ring 3 goes on where it was: registers, spaces, starts. */
#include "define.h"
#include "image.h"

enum { STATES = 4 };

/* Where ring 3 was left. A space with several threads has several. */
struct left_state {
    bool open, syscall, hashed;
    uint64_t rip, rsp, event, tick;
    uint64_t hash, rax, hash2;
};

struct states {
    struct left_state state[STATES];
    unsigned next;
    struct left_state pending; /* the user-state event that comes before leaving */
};

static struct states *states_start(struct judgement *j)
{
    struct states *states = calloc(j->survey.spaces + 1, sizeof(*states));

    if (!states)
        judgement_refuse(j, "The grader's memory is out.");
    return states;
}

static struct left_state left_now(const struct judgement *j)
{
    const struct trace_event *event = &j->event;
    struct left_state left = { .open = true, .event = j->n, .tick = event->tick };

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

static struct left_state *states_match(struct states *states, const struct trace_event *event)
{
    for (unsigned i = 0; i < STATES; i++) {
        if (state_matches(&states->state[i], event))
            return &states->state[i];
    }
    return NULL;
}

static void states_leave(struct states *states, struct left_state left)
{
    for (unsigned i = 0; i < STATES; i++) {
        unsigned at = (states->next + i) % STATES;

        if (states->state[at].open)
            continue;
        states->state[at] = left;
        states->next = at;
        return;
    }
    states->next = (states->next + 1) % STATES;
    states->state[states->next] = left;
}

static bool is_program_entry(const struct judgement *j, uint64_t rip)
{
    uint64_t entry = elf_entry(j->run->program);
    const char *bias = trace_parameter(j->run->trace, "program_bias");

    return entry && (rip == entry || (bias && rip == entry + strtoull(bias, NULL, 0)));
}

static void fail_state(struct judgement *j, const struct states *states)
{
    const struct left_state *left = &states->state[states->next];
    char who[LABEL_MAX];

    judgement_fail(j,
                   "%s left ring 3 at 0x%" PRIx64 " with rsp 0x%" PRIx64 " (tick %" PRIu64
                   "), but goes on at 0x%" PRIx64 " with rsp 0x%" PRIx64 " (tick %" PRIu64
                   "): what the CPU pushed at the entry must come back unchanged.",
                   space_label(j->space, who), left->rip, left->rsp, left->tick, j->event.v[1],
                   j->event.v[4], j->event.tick);
}

/* Compare the registers that were recorded before leaving and after returning. */
static void judge_registers(struct judgement *j, const struct left_state *left)
{
    const struct trace_event *event = &j->event;
    char who[LABEL_MAX];
    const char *what = NULL;

    if (!left->hashed)
        return;
    if (event->v[0] != left->hash)
        what = "the general registers (one of rbx, rbp, rsi, rdi, rdx, r8-r10, r12-r15)";
    else if (!left->syscall && event->v[1] != left->rax)
        what = "rax";
    else if (!left->syscall && event->v[2] != left->hash2)
        what = "rcx or r11";
    if (what)
        judgement_fail(j,
                       "%s was interrupted at tick %" PRIu64 " and goes on at tick %" PRIu64
                       " with other values in %s: the kernel must save and restore them all.",
                       space_label(j->space, who), left->tick, event->tick, what);
}

struct kept {
    struct states *states;
    struct left_state returned; /* what the last entry of ring 3 goes on with */
    uint64_t returns;
};

static void kept_user_state(struct judgement *j, struct kept *kept)
{
    struct states *states = &kept->states[j->space->index];

    if (j->event.what == 1) {
        struct left_state *last = &states->state[states->next];
        struct left_state *to = last->open && last->tick == j->event.tick ? last : &states->pending;

        to->hashed = true;
        to->hash = j->event.v[0];
        to->rax = j->event.v[1];
        to->hash2 = j->event.v[2];
        to->tick = j->event.tick;
    } else if (kept->returned.open && j->inside) {
        judge_registers(j, &kept->returned);
        kept->returned.open = false;
    }
}

static void kept_return(struct judgement *j, struct kept *kept)
{
    struct states *states = &kept->states[j->space->index];
    struct left_state *left = states_match(states, &j->event);

    kept->returned.open = false;
    if (left) {
        kept->returned = *left;
        left->open = false;
        kept->returns += j->inside;
    } else if (j->n != j->space->first_user && j->inside && !is_program_entry(j, j->event.v[1])) {
        fail_state(j, states);
    }
}

PROPERTY(user_state_kept, "Each return to ring 3 goes on where the process left it")
{
    struct kept kept = { .states = states_start(j) };

    if (!kept.states)
        return;
    while (judgement_next(j)) {
        if (!j->space)
            continue;
        if (j->event.kind == EVENT_USER_STATE) {
            kept_user_state(j, &kept);
        } else if (event_enters_user(&j->event)) {
            kept_return(j, &kept);
        } else if (event_leaves_user(&j->event)) {
            struct states *states = &kept.states[j->space->index];
            struct left_state left = left_now(j);

            if (states->pending.hashed && states->pending.tick == j->event.tick) {
                left.hashed = true;
                left.hash = states->pending.hash;
                left.rax = states->pending.rax;
                left.hash2 = states->pending.hash2;
            }
            states->pending.hashed = false;
            states_leave(states, left);
        }
    }
    free(kept.states);
    judgement_need(j, kept.returns, 1, "a return to ring 3 where it was left");
}

/* ---- whose space ---- */

static struct space *state_owner(struct judgement *j, struct states *states)
{
    for (size_t i = 0; i < j->survey.spaces; i++) {
        if (&j->survey.space[i] != j->space && states_match(&states[i], &j->event))
            return &j->survey.space[i];
    }
    return NULL;
}

PROPERTY(switch_loads_cr3, "Who goes on in ring 3 does so in his own address space")
{
    struct states *states = states_start(j);
    struct space *last = NULL, *owner;
    uint64_t switches = 0;
    char who[LABEL_MAX], whom[LABEL_MAX];

    if (!states)
        return;
    while (judgement_next(j)) {
        struct left_state *left;

        if (!j->space)
            continue;
        if (event_leaves_user(&j->event))
            states_leave(&states[j->space->index], left_now(j));
        if (!event_enters_user(&j->event))
            continue;
        left = states_match(&states[j->space->index], &j->event);
        if (left) {
            left->open = false;
            switches += j->inside && last && last != j->space;
        } else if (j->inside && j->n != j->space->first_user && (owner = state_owner(j, states))) {
            judgement_fail(j,
                           "%s goes on at 0x%" PRIx64 " at tick %" PRIu64 ", but CR3 (0x%" PRIx64
                           ") is that of %s: switching to a task means loading its CR3 before "
                           "ring 3 runs.",
                           space_label(owner, who), j->event.v[1], j->event.tick, j->cr3,
                           space_label(j->space, whom));
        }
        last = j->space;
    }
    free(states);
    judgement_need(j, switches, 1, "a switch of ring 3 to a process that had run before");
}

/* ---- beginnings ---- */

static uint64_t start_key(uint64_t rip, uint64_t rsp)
{
    return rip * UINT64_C(0x9e3779b97f4a7c15) ^ rsp;
}

PROPERTY(entry_points, "A process starts at its program's entry, or where its parent was at fork")
{
    struct replay_map points;
    uint64_t starts = 0;
    char who[LABEL_MAX];

    replay_map_init(&points);
    while (judgement_next(j)) {
        const struct trace_event *event = &j->event;

        if (event_leaves_user(event)) {
            struct left_state left = left_now(j);

            if (left.syscall && points.used < 1 << 20 &&
                !replay_map_get(&points, start_key(left.rip, left.rsp)))
                replay_map_add(&points, start_key(left.rip, left.rsp), j);
        }
        if (!j->space || !event_enters_user(event) || j->n != j->space->first_user || !j->inside)
            continue;
        starts++;
        if (is_program_entry(j, event->v[1]) ||
            replay_map_get(&points, start_key(event->v[1], event->v[4])))
            continue;
        judgement_about_va(j, event->v[1]);
        judgement_fail(j,
                       "%s starts in ring 3 at 0x%" PRIx64 " with rsp 0x%" PRIx64 " (tick %" PRIu64
                       "): that is neither its program's entry point nor behind a system call of "
                       "another process, as a child of fork would start.",
                       space_label(j->space, who), event->v[1], event->v[4], event->tick);
    }
    replay_map_free(&points);
    judgement_need(j, starts, 1, "a process that started");
}
