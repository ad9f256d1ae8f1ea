/* Ring 3 goes on where it was: registers, spaces, starts. */
#include "define.h"
#include "flow.h"

static struct states *states_start(struct judgement *j)
{
    struct states *states = calloc(j->survey.spaces + 1, sizeof(*states));

    if (!states)
        judgement_refuse(j, "The grader's memory is out.");
    return states;
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
    const char *what = left_difference(left, &j->event);
    char who[LABEL_MAX];

    if (what)
        judgement_fail(j,
                       "%s was interrupted at tick %" PRIu64 " and goes on at tick %" PRIu64
                       " with other values in %s: the kernel must save and restore them all.",
                       space_label(j->space, who), left->tick, j->event.tick, what);
}

struct kept {
    struct states *states;
    struct left_state returned; /* what the last entry of ring 3 goes on with */
    uint64_t returns;
};

static void kept_user_state(struct judgement *j, struct kept *kept)
{
    struct states *states = &kept->states[j->space->index];

    if (j->event.what == USER_STATE_LEAVES) {
        states_registers(states, &j->event);
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
    } else if (j->n != j->space->first_user && j->inside &&
               !is_program_entry(j->run, j->event.v[1])) {
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
            states_leave(&kept.states[j->space->index], left_by(&j->event, j->n));
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
            states_leave(&states[j->space->index], left_by(&j->event, j->n));
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
            struct left_state left = left_by(&j->event, j->n);

            if (left.syscall && points.used < 1 << 20 &&
                !replay_map_get(&points, start_key(left.rip, left.rsp)))
                replay_map_add(&points, start_key(left.rip, left.rsp), j);
        }
        if (!j->space || !event_enters_user(event) || j->n != j->space->first_user || !j->inside)
            continue;
        starts++;
        if (is_program_entry(j->run, event->v[1]) ||
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
