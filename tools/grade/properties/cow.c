/* Frames that several pages share: rules about who may write. */
#include "define.h"
#include "faults.h"
#include "frame_map.h"
#include "words.h"
#include "world.h"

enum { OTHERS_MAX = 256 };

struct sharing {
    bool has_exempt;
    struct range exempt;
    bool read_only; /* a shared frame must be writable nowhere; else: not in two places */
    uint64_t seen;
    struct replay_map writable; /* by a frame that ring 3 could write: its page | 1 */
    uint64_t *entry;            /* those that got the right to write since ring 3 ran last */
    size_t entries, room;
};

static bool sharing_start(struct judgement *j, struct sharing *sharing)
{
    uint64_t bytes;

    sharing->has_exempt = with_has(j, "shared_va");
    if (!with_value(j, "shared_va", 0, &sharing->exempt.start) ||
        !with_value(j, "shared_bytes", PAGE_SIZE, &bytes))
        return false;
    sharing->exempt.end = sharing->exempt.start + bytes;
    return world_start(j);
}

/* ---- what was writable: frames that never were are shared without any copy-on-write ---- */

static void written_note(struct judgement *j, struct sharing *sharing, uint64_t value)
{
    const uint64_t rights = ENTRY_P | ENTRY_W | ENTRY_U;
    size_t room = sharing->room ? 2 * sharing->room : 256;
    uint64_t *entry = sharing->entry;

    if (!entry_is_leaf(value, j->event.level) || (value & rights) != rights)
        return;
    if (sharing->entries == sharing->room) {
        entry = realloc(entry, room * sizeof(*entry));
        if (!entry)
            return judgement_refuse(j, "The grader's memory is out.");
        sharing->entry = entry;
        sharing->room = room;
    }
    entry[sharing->entries++] = j->event.v[0];
}

/* Ring 3 runs: what it may write now was writable, whatever becomes of it. */
static void written_settle(struct judgement *j, struct sharing *sharing)
{
    for (size_t i = 0; i < sharing->entries && world_charge(j, 1); i++) {
        uint64_t entry = sharing->entry[i];
        const struct world_table *table = world_table(j, entry);
        struct leaf_view leaf;

        if (!table || !world_view(j, table, (unsigned)(entry & 0xfff) / 8, &leaf) ||
            !leaf.reachable || !leaf.user || !leaf.writable)
            continue;
        frame_map_set(&sharing->writable, leaf.frame, leaf.va | 1);
    }
    sharing->entries = 0;
}

static void written_step(struct judgement *j, struct sharing *sharing)
{
    if (j->event.kind == EVENT_ENTRY_SEEN)
        written_note(j, sharing, j->event.v[1]);
    else if (j->event.kind == EVENT_ENTRY_WRITE)
        written_note(j, sharing, j->event.v[2]);
    else if (event_enters_user(&j->event))
        written_settle(j, sharing);
}

/* Was the leaf's frame writable at this page? Once for each time. */
static bool written_take(struct sharing *sharing, const struct leaf_view *leaf)
{
    return frame_map_get(&sharing->writable, leaf->frame) == (leaf->va | 1) &&
           replay_map_remove(&sharing->writable, leaf->frame);
}

/* ---- who may write ---- */

static void fail_shared(struct judgement *j, const struct leaf_view *leaf,
                        const struct leaf_view *other, bool both)
{
    const struct leaf_view *writable = leaf->writable ? leaf : other;
    const struct leaf_view *second = leaf->writable ? other : leaf;
    char who[LABEL_MAX], whom[LABEL_MAX], since[LABEL_MAX * 2];

    judgement_about_va(j, writable->va);
    judgement_about_entry(j, writable->entry);
    judgement_about_frame(j, writable->frame);
    judgement_fail(j,
                   "Frame 0x%" PRIx64 " is mapped writable in %s at 0x%" PRIx64
                   ", %s, and %s in %s at 0x%" PRIx64
                   ": what two processes share must be read-only in both until one of them has "
                   "its own copy.",
                   writable->frame, space_label(writable->space, who), writable->va,
                   judgement_since(j, writable->entry, since),
                   both ? "writable, too," : "read-only", space_label(second->space, whom),
                   second->va);
}

/* The live view of another leaf of the same frame; false if it does not count. */
static bool other_view(struct judgement *j, const struct world_leaf *other,
                       const struct leaf_view *leaf, struct leaf_view *out)
{
    return other->entry != leaf->entry && world_charge(j, 1) &&
           world_view(j, other->table, (unsigned)(other->entry & 0xfff) / 8, out) &&
           out->reachable && out->user && space_is_alive(out->space, j->n);
}

static bool visit_shared(struct judgement *j, const struct leaf_view *leaf, void *arg)
{
    struct sharing *sharing = arg;
    const struct world_leaf *other;
    bool shared = false;

    if (!leaf->reachable || !leaf->user || leaf->va >= KERNEL_HALF ||
        !space_is_alive(leaf->space, j->n) ||
        (sharing->has_exempt && range_has(&sharing->exempt, leaf->va)))
        return true;
    other = world_leaves(j, leaf->frame, leaf->bytes == PAGE_SIZE ? 1 : 2);
    for (unsigned i = 0; other && i < OTHERS_MAX; other = other->next, i++) {
        struct leaf_view view;
        bool both;

        if (!other_view(j, other, leaf, &view) ||
            (sharing->has_exempt && range_has(&sharing->exempt, view.va)))
            continue;
        shared = true;
        both = leaf->writable && view.writable;
        if (both || (sharing->read_only && (leaf->writable || view.writable))) {
            fail_shared(j, leaf, &view, both);
            return false;
        }
    }
    sharing->seen += sharing->read_only ? shared && written_take(sharing, leaf) : leaf->writable;
    return true;
}

#define EXEMPT                                                                                     \
    VALUE("shared_va", "first address of memory that is shared on purpose"),                       \
        VALUE("shared_bytes", "its length; one page if missing")

PROPERTY(shared_frames_read_only, "A frame that several processes map is writable in none", EXEMPT)
{
    struct sharing sharing = { .read_only = true };

    if (!sharing_start(j, &sharing))
        return;
    replay_map_init(&sharing.writable);
    while (judgement_next(j)) {
        written_step(j, &sharing);
        if (j->inside && world_settled(j))
            world_each_changed(j, visit_shared, &sharing);
    }
    replay_map_free(&sharing.writable);
    free(sharing.entry);
    judgement_need(j, sharing.seen, 1, "a once writable frame that several processes share");
}

PROPERTY(private_frames_distinct, "No frame is writable in two places", EXEMPT)
{
    struct sharing sharing = { 0 };

    if (!sharing_start(j, &sharing))
        return;
    while (judgement_next(j)) {
        if (j->inside && world_settled(j))
            world_each_changed(j, visit_shared, &sharing);
    }
    judgement_need(j, sharing.seen, 1, "a writable page that could be judged");
}

/* ---- shared memory ---- */

struct stays {
    struct range range;
    uint64_t seen;
};

static bool visit_stays(struct judgement *j, const struct leaf_view *leaf, void *arg)
{
    struct stays *stays = arg;
    char who[LABEL_MAX];

    if (!leaf->reachable || !leaf->user || !range_has(&stays->range, leaf->va) ||
        !space_is_alive(leaf->space, j->n))
        return true;
    judgement_about_va(j, leaf->va);
    if (!leaf->writable) {
        judgement_fail(j,
                       "0x%" PRIx64 " of %s is shared memory, but read-only now: the first write "
                       "would give this process a copy that nobody else sees.",
                       leaf->va, space_label(leaf->space, who));
        return false;
    }
    for (size_t i = 0; i < j->survey.spaces; i++) {
        struct space *space = &j->survey.space[i];
        char whom[LABEL_MAX];
        struct walk walk;

        if (!world_charge(j, 1))
            return false;
        if (space == leaf->space || space->first_user > j->n || !space_is_alive(space, j->n) ||
            cursor_find(j, space->root) != space)
            continue;
        replay_walk(judgement_tables(j), space->root, leaf->va, &walk);
        if (!walk.present)
            continue;
        if ((walk.phys & ENTRY_ADDR & ~(leaf->bytes - 1)) != leaf->frame) {
            judgement_fail(j,
                           "0x%" PRIx64 " is shared memory, but %s has frame 0x%" PRIx64
                           " there and %s has 0x%" PRIx64 ": they no longer see each other's "
                           "writes.",
                           leaf->va, space_label(leaf->space, who), leaf->frame,
                           space_label(space, whom), walk.phys & ENTRY_ADDR);
            return false;
        }
        stays->seen++;
    }
    return true;
}

PROPERTY(shared_memory_stays, "Shared memory is the same frames, writable, in all processes", RANGE)
{
    struct stays stays = { 0 };

    if (!with_range(j, &stays.range) || !world_start(j))
        return;
    while (judgement_next(j)) {
        if (j->inside && world_settled(j))
            world_each_changed(j, visit_stays, &stays);
    }
    j->verdict->has_va &= !j->verdict->passed;
    judgement_need(j, stays.seen, 1, "a shared page that two living processes map");
}
