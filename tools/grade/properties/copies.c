/* Copy-on-write: what a write to a shared page does. */
#include "define.h"
#include "faults.h"
#include "frame_map.h"
#include "world.h"

static bool is_write_protection(const struct trace_event *event)
{
    const uint64_t mask = ERROR_P | ERROR_W | ERROR_U | ERROR_RSVD;

    return event_is_user_fault(event) && (event->v[0] & mask) == (ERROR_P | ERROR_W | ERROR_U);
}

/* Other user leaves of a frame; living ones only, or all that any table holds. */
static uint64_t count_others(struct judgement *j, uint64_t frame, uint64_t own, bool living)
{
    const struct world_leaf *leaf = world_leaves(j, frame, 1);
    uint64_t others = 0;

    for (unsigned i = 0; leaf && i < 256; leaf = leaf->next, i++)
        others += leaf->entry != own && (!living || world_leaf_space(j, leaf));
    return others;
}

static bool small_leaf(struct judgement *j, uint64_t va, struct walk *walk)
{
    struct replay *replay = judgement_tables(j);

    if (!replay)
        return false;
    replay_walk(replay, j->cr3 & ENTRY_ADDR, va, walk);
    return walk->present && walk->page_bytes == PAGE_SIZE;
}

struct copying {
    struct fault *faults;
    uint64_t copies, kept;
    uint64_t loads; /* of CR3 so far */
    bool sole;      /* judge frames that nobody else maps; else shared ones */
};

/* A sole owner's fault, which a child that had not run yet may excuse. Kept by the frame. */
struct suspect {
    uint64_t event, tick, va;
    uint64_t to; /* the copy's frame; 0: not answered yet */
    struct space *space;
};

static void copying_note(struct judgement *j, struct copying *copying)
{
    struct fault *fault = &copying->faults[j->space->index];
    struct walk walk;

    fault_note(fault, j);
    fault->open = small_leaf(j, fault->va, &walk);
    if (!fault->open)
        return;
    fault->frame = walk.phys & ENTRY_ADDR;
    fault->others = count_others(j, fault->frame, walk.step[3].entry_phys, !copying->sole);
    fault->times = copying->loads;
}

/* The fault is answered: the walk as it is now. False: it is none of ours. */
static bool copying_answered(struct judgement *j, struct copying *copying, struct fault **out,
                             struct walk *walk)
{
    struct fault *fault = &copying->faults[j->space->index];

    *out = fault;
    if (!fault->open)
        return false;
    fault->open = false;
    return j->event.v[1] == fault->rip && small_leaf(j, fault->va, walk);
}

static void judge_copy(struct judgement *j, struct copying *copying, const struct fault *fault,
                       const struct walk *walk)
{
    uint64_t frame = walk->phys & ENTRY_ADDR, entry = walk->step[3].entry_phys;
    char who[LABEL_MAX];

    judgement_about_va(j, fault->va);
    judgement_about_entry(j, entry);
    judgement_about_frame(j, frame);
    space_label(j->space, who);
    if (!walk->writable)
        judgement_fail(j,
                       "%s wrote to 0x%" PRIx64 " (tick %" PRIu64 "), and goes on at tick %" PRIu64
                       " with a page that still is read-only: the write faults again.",
                       who, fault->va, fault->tick, j->event.tick);
    else if (frame == fault->frame && count_others(j, frame, entry, true))
        judgement_fail(j,
                       "%s wrote to 0x%" PRIx64 " (tick %" PRIu64 ") and was given frame 0x%" PRIx64
                       " to write, which another process still maps: it had to get a copy.",
                       who, fault->va, fault->tick, frame);
    else if (frame != fault->frame && count_others(j, frame, entry, true))
        judgement_fail(j,
                       "%s wrote to 0x%" PRIx64 " (tick %" PRIu64 ") and got frame 0x%" PRIx64
                       " as its copy, but another page maps that frame, too.",
                       who, fault->va, fault->tick, frame);
    else if (frame != fault->frame && fault->times == copying->loads &&
             count_others(j, fault->frame, entry, true) < fault->others)
        judgement_fail(j,
                       "%s wrote to 0x%" PRIx64 " (tick %" PRIu64
                       "), and by the kernel's answer another process lost frame 0x%" PRIx64
                       ": only the entry of who writes may change.",
                       who, fault->va, fault->tick, fault->frame);
    else
        copying->copies += frame != fault->frame;
}

PROPERTY(cow_copies_once, "A write to a shared page costs one fault and one copy")
{
    struct copying copying = { 0 };
    struct fault *fault;
    struct walk walk;

    if (!world_start(j) || !faults_start(j, &copying.faults))
        return;
    while (judgement_next(j)) {
        copying.loads += j->event.kind == EVENT_CR && j->event.what == 3;
        if (!j->space || !j->inside)
            continue;
        if (is_write_protection(&j->event))
            copying_note(j, &copying);
        else if (event_enters_user(&j->event) && copying_answered(j, &copying, &fault, &walk) &&
                 fault->others)
            judge_copy(j, &copying, fault, &walk);
    }
    free(copying.faults);
    if (j->verdict->passed)
        j->verdict->has_va = j->verdict->has_entry = j->verdict->has_frame = false;
    judgement_need(j, copying.copies, 1, "a write to a shared page that was answered by a copy");
}

/* ---- the last owner ---- */

/* What cow_last_owner_keeps knows of frames. */
struct owners {
    struct copying copying;
    struct replay_map suspects;
    struct replay_map several; /* frames that more than one page mapped: the page | 1 */
};

static void suspect_add(struct judgement *j, struct replay_map *map, const struct fault *fault)
{
    struct suspect *suspect = map->used < 65536 ? malloc(sizeof(*suspect)) : NULL;

    free(replay_map_remove(map, fault->frame));
    if (!suspect)
        return;
    *suspect = (struct suspect){ fault->event, fault->tick, fault->va, 0, j->space };
    if (!replay_map_add(map, fault->frame, suspect))
        free(suspect);
}

/*
 * A suspect's frame turns up in a space that was just loaded: it was shared after all.
 * That may be before the fault's answer, as who wrote may be preempted on the way back.
 */
static bool suspect_excuse(struct judgement *j, struct replay_map *map)
{
    uint64_t frame = j->event.v[1] & ENTRY_ADDR;
    struct suspect *suspect = replay_map_get(map, frame);

    if (!suspect || (j->event.v[2] & ENTRY_ADDR) != (suspect->va & ENTRY_ADDR))
        return false;
    free(replay_map_remove(map, frame));
    return true;
}

/* An entry of a space that was just loaded: its frame has more owners than one, or had. */
static void owners_seen(struct judgement *j, struct owners *owners)
{
    uint64_t entry = j->event.v[0], value = j->event.v[1], va = j->event.v[2];

    if (!suspect_excuse(j, &owners->suspects) &&
        (!(value & ENTRY_P) || !(value & ENTRY_U) ||
         !count_others(j, value & ENTRY_ADDR, entry, true)))
        return;
    frame_map_set(&owners->several, value & ENTRY_ADDR, (va & ENTRY_ADDR) | 1);
}

static void suspects_judge(struct judgement *j, struct replay_map *map)
{
    const struct suspect *first = NULL;
    uint64_t frame = 0;
    char who[LABEL_MAX];

    for (size_t i = 0; i < map->slots; i++) {
        const struct suspect *suspect = map->slot[i].value;

        if (suspect && suspect->to && (!first || suspect->event < first->event)) {
            first = suspect;
            frame = map->slot[i].key;
        }
    }
    if (!first)
        return;
    judgement_about_va(j, first->va);
    judgement_about_frame(j, frame);
    judgement_fail_at(j, first->event,
                      "%s wrote to 0x%" PRIx64 " at tick %" PRIu64
                      " while nobody else mapped frame 0x%" PRIx64
                      ", and yet got a copy in frame 0x%" PRIx64
                      ": the last owner takes the frame over, by giving itself the right to write.",
                      space_label(first->space, who), first->va, first->tick, frame, first->to);
}

static void note_sole(struct judgement *j, struct owners *owners)
{
    struct fault *fault = &owners->copying.faults[j->space->index];

    copying_note(j, &owners->copying);
    if (fault->open && !fault->others)
        suspect_add(j, &owners->suspects, fault);
}

static void judge_sole(struct judgement *j, struct owners *owners)
{
    struct suspect *suspect;
    struct fault *fault;
    struct walk walk;

    if (!copying_answered(j, &owners->copying, &fault, &walk) || fault->others)
        return;
    suspect = replay_map_get(&owners->suspects, fault->frame);
    if ((walk.phys & ENTRY_ADDR) != fault->frame) {
        if (suspect && suspect->event == fault->event)
            suspect->to = walk.phys & ENTRY_ADDR;
    } else {
        owners->copying.kept +=
            frame_map_get(&owners->several, fault->frame) == ((fault->va & ENTRY_ADDR) | 1);
    }
}

static void owners_free(struct owners *owners)
{
    for (size_t i = 0; i < owners->suspects.slots; i++)
        free(owners->suspects.slot[i].value);
    replay_map_free(&owners->suspects);
    replay_map_free(&owners->several);
    free(owners->copying.faults);
}

PROPERTY(cow_last_owner_keeps, "The last owner of a frame takes it over without a copy")
{
    struct owners owners = { .copying.sole = true };

    if (!world_start(j) || !faults_start(j, &owners.copying.faults))
        return;
    replay_map_init(&owners.suspects);
    replay_map_init(&owners.several);
    while (judgement_next(j)) {
        if (j->event.kind == EVENT_ENTRY_SEEN && j->event.level == 1)
            owners_seen(j, &owners);
        if (!j->space || !j->inside)
            continue;
        if (is_write_protection(&j->event))
            note_sole(j, &owners);
        else if (event_enters_user(&j->event))
            judge_sole(j, &owners);
    }
    suspects_judge(j, &owners.suspects);
    owners_free(&owners);
    judgement_need(j, owners.copying.kept, 1, "a write to a page of the last of several owners");
}
