/* Copy-on-write: what fork leaves as it was. */
#include "define.h"
#include "faults.h"
#include "frame_map.h"
#include "world.h"

/*
 * Who mapped a frame last, and where: a space's index + 1 and a page's number. With
 * BY_FAULT: it came there as the answer to a fault of that page.
 */
#define BY_FAULT (UINT64_C(1) << 63)

static uint64_t history_value(unsigned index, uint64_t va)
{
    return ((va & ENTRY_ADDR) >> 12 << 17) | (index + 1);
}

struct forking {
    struct replay_map history;
    struct fault *faults;                /* the last of each space, any ring */
    uint64_t shared, copied, first_copy; /* of the space that was just loaded */
    uint64_t total;
    bool loading;
};

/* Told while this root is loaded, but is it below it? What dead trees refer to is told, too. */
static bool entry_is_below(struct judgement *j, uint64_t entry, uint64_t va)
{
    struct replay *replay = judgement_tables_after(j);
    struct walk walk = { 0 };

    if (replay)
        replay_walk(replay, j->cr3 & ENTRY_ADDR, va, &walk);
    return walk.steps == 4 && walk.step[3].entry_phys == entry;
}

/*
 * Has the one who mapped the frame at this page another one there now, and not by a fault
 * of its own? Then fork made a copy all the same, and gave it to the parent.
 */
static bool parent_was_moved(struct judgement *j, struct forking *f, uint64_t frame, uint64_t va)
{
    uint64_t old = frame_map_get(&f->history, frame) & ~BY_FAULT, now;
    struct space *parent = &j->survey.space[(old & 0x1ffff) - 1];
    struct replay *replay = judgement_tables_after(j);
    struct walk walk;

    if (!replay || !space_is_alive(parent, j->n) || cursor_find(j, parent->root) != parent)
        return false;
    replay_walk(replay, parent->root, va, &walk);
    now = walk.phys & ENTRY_ADDR;
    return walk.present && now != frame && frame_map_get(&f->history, now) == old;
}

static void forking_seen(struct judgement *j, struct forking *f, uint64_t value, uint64_t va)
{
    const struct fault *fault = &f->faults[j->space->index];
    uint64_t frame = value & ENTRY_ADDR, old, new;

    if (!(value & ENTRY_P) || !(value & ENTRY_U) || j->event.level != 1 || va >= KERNEL_HALF)
        return;
    old = frame_map_get(&f->history, frame);
    if (f->loading && j->space->first_user > j->n && j->space->process) {
        if (old && (old & ~BY_FAULT) >> 17 == (va & ENTRY_ADDR) >> 12 &&
            !parent_was_moved(j, f, frame, va))
            f->shared++;
        else if (f->copied++ == 0)
            f->first_copy = va;
    }
    new = history_value(j->space->index, va);
    if ((old & ~BY_FAULT) == new)
        new |= old;
    else if (fault->open && (fault->va & ENTRY_ADDR) == (va & ENTRY_ADDR))
        new |= BY_FAULT;
    frame_map_set(&f->history, frame, new);
}

static void forking_judge(struct judgement *j, struct forking *f)
{
    uint64_t max = (uint64_t)with_integer(j, "max_copies", 2);
    char who[LABEL_MAX];

    if (f->shared && f->copied > max) {
        judgement_about_va(j, f->first_copy);
        judgement_fail(j,
                       "%s starts with %" PRIu64 " pages that are its parent's frames and %" PRIu64
                       " that are not (the first one at 0x%" PRIx64
                       "): fork shares all frames, and copies come with the first write.",
                       space_label(j->space, who), f->shared, f->copied, f->first_copy);
    }
    f->total += f->shared;
}

PROPERTY(fork_shares_frames, "A child starts with its parent's frames",
         INTEGER("max_copies", "pages that may be new before its first instruction (default 2)"))
{
    struct forking f = { 0 };

    if (!faults_start(j, &f.faults))
        return;
    replay_map_init(&f.history);
    while (judgement_next(j)) {
        const struct trace_event *event = &j->event;

        if (event->kind == EVENT_CR && event->what == 3) {
            f.loading = true;
            f.shared = f.copied = 0;
        } else if (!j->space) {
            continue;
        } else if (event->kind == EVENT_ENTRY_WRITE) {
            f.loading = false;
            forking_seen(j, &f, event->v[2], event->v[3]);
        } else if (event->kind == EVENT_ENTRY_SEEN) {
            if (event->level == 1 && entry_is_below(j, event->v[0], event->v[2]))
                forking_seen(j, &f, event->v[1], event->v[2]);
        } else if (event->kind == EVENT_EXCEPTION && event->what == VECTOR_PF) {
            fault_note(&f.faults[j->space->index], j);
        } else if (event_enters_user(event)) {
            f.faults[j->space->index].open = false;
            if (j->n == j->space->first_user && j->inside)
                forking_judge(j, &f);
        }
    }
    replay_map_free(&f.history);
    free(f.faults);
    judgement_need(j, f.total, 1, "a page that a child shares with its parent when it starts");
}
