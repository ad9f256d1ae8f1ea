/* In what order the tables, the TLB and the frames of an operation change. */
#include "define.h"
#include "words.h"

enum { PENDING_MAX = 4096, HUGE_PAGES = 512 };

/* A leaf that was taken away and may still be cached. */
struct pending {
    uint64_t frame, bytes, va, entry;
};

struct pending_list {
    struct pending at[PENDING_MAX];
    size_t count;
};

static bool is_leaf(uint64_t entry, unsigned level)
{
    return (entry & ENTRY_P) && (level == 1 || (level == 2 && (entry & ENTRY_PS)));
}

/* Does the CPU forget the page when this happens? Global pages survive a load of CR3. */
static bool forgets(const struct trace_event *event, const struct pending *p)
{
    if (event->kind == EVENT_INVLPG)
        return event->v[0] - (event->v[0] & (p->bytes - 1)) == p->va;
    if (event->kind == EVENT_CR)
        return event->what == 4 || (event->what == 3 && p->va < KERNEL_HALF);
    return event->kind == EVENT_INVPCID;
}

static void pending_flush(struct pending_list *list, const struct trace_event *event)
{
    size_t kept = 0;

    for (size_t i = 0; i < list->count; i++)
        if (!forgets(event, &list->at[i]))
            list->at[kept++] = list->at[i];
    list->count = kept;
}

/* Only what the CPU can have cached: the entry was used, in tables that are loaded. */
static void pending_note(struct judgement *j, struct pending_list *list)
{
    const struct trace_event *event = &j->event;
    uint64_t old = event->v[1], new = event->v[2];
    uint64_t bytes = event->level == 1 ? PAGE_SIZE : HUGE_SIZE, root = j->cr3 & ENTRY_ADDR;
    struct replay *tables;
    struct walk walk;

    if (!is_leaf(old, event->level) || !(old & ENTRY_A) || is_leaf(new, event->level) ||
        (new &ENTRY_P) || list->count == PENDING_MAX)
        return;
    tables = judgement_tables(j);
    if (!tables)
        return;
    replay_walk(tables, root, event->v[3], &walk);
    if (!walk.present || walk.step[walk.steps - 1].entry_phys != event->v[0])
        return;
    list->at[list->count++] = (struct pending){ old & ENTRY_ADDR & ~(bytes - 1), bytes,
                                                event->v[3] & ~(bytes - 1), event->v[0] };
}

static const struct pending *pending_find(const struct pending_list *list, uint64_t frame)
{
    for (size_t i = 0; i < list->count; i++)
        if (frame - list->at[i].frame < list->at[i].bytes)
            return &list->at[i];
    return NULL;
}

/* Is the frame given up for good: is there no other entry for it? */
static bool is_last(struct judgement *j, uint64_t frame)
{
    struct replay *tables = judgement_tables(j);
    struct frame_info info;

    return tables && replay_frame(tables, frame, &info) && info.references == 0;
}

PROPERTY(freed_after_flush, "A frame is freed only after the TLB has forgotten its pages",
         TEXTS_("free", "functions of the kernel that free the frame in their first argument"),
         INTEGER("min", "so many frees of pages must have been seen; 1 if missing"))
{
    struct pending_list *list = calloc(1, sizeof(*list));
    char name[NAME_MAX_LEN], who[LABEL_MAX];
    uint64_t frees = 0;

    if (!list)
        return judgement_refuse(j, "There is no memory left.");
    while (!judgement_decided(j) && judgement_next(j)) {
        const struct trace_event *event = &j->event;
        const struct pending *p;
        const char *function;

        if (event->kind == EVENT_ENTRY_WRITE)
            pending_note(j, list);
        pending_flush(list, event);
        if (event->kind != EVENT_CALL || !j->inside)
            continue;
        function = call_function(j, event, name);
        if (!function || !with_lists(j, "free", function))
            continue;
        frees++;
        p = pending_find(list, event->v[0]);
        if (!p || !is_last(j, event->v[0]))
            continue;
        judgement_about_va(j, p->va);
        judgement_about_entry(j, p->entry);
        judgement_about_frame(j, event->v[0]);
        judgement_fail(j,
                       "%s freed frame 0x%" PRIx64 " at tick %" PRIu64
                       " while the TLB may still lead to it from 0x%" PRIx64
                       " of %s: its entry is gone, but was not flushed yet. The frame's next "
                       "owner shares it with whoever uses that address.",
                       function, event->v[0], event->tick, p->va, space_label(j->space, who));
    }
    free(list);
    if (!judgement_decided(j))
        judgement_need(j, frees, 1, "a call that frees");
}

/* ---- large pages ---- */

/* Does a table map what the large leaf did, all 512 parts, with the same rights? */
static bool split_is_whole(struct judgement *j, const uint64_t *table,
                           const struct trace_event *split)
{
    const uint64_t rights = ENTRY_P | ENTRY_W | ENTRY_U | ENTRY_NX;
    uint64_t old = split->v[1], base = old & ENTRY_ADDR & ~(HUGE_SIZE - 1);

    for (uint64_t i = 0; i < HUGE_PAGES; i++) {
        uint64_t part = table ? table[i] : 0, va = split->v[3] + i * PAGE_SIZE;

        if ((part & ENTRY_ADDR) == base + i * PAGE_SIZE && ((part ^ old) & rights) == 0)
            continue;
        judgement_about_va(j, va);
        judgement_about_entry(j, (split->v[2] & ENTRY_ADDR) + 8 * i);
        judgement_about_frame(j, base + i * PAGE_SIZE);
        judgement_fail_at(j, j->n ? j->n - 1 : 0,
                          "The 2 MiB page at 0x%" PRIx64 " was replaced by a table at tick %" PRIu64
                          ", whose entry %" PRIu64 " was 0x%" PRIx64
                          " at that moment; it must map frame 0x%" PRIx64
                          " with the rights that the large page had, 0x%" PRIx64
                          ". The CPU may use a table as soon as it can reach it.",
                          split->v[3], split->tick, i, part, base + i * PAGE_SIZE, old & rights);
        return false;
    }
    return true;
}

PROPERTY(split_at_once, "A large page that is cut in parts stays mapped as it was",
         INTEGER("min", "so many splits must have been seen; 1 if missing"))
{
    struct trace_event split = { 0 };
    uint64_t splits = 0;

    while (judgement_next(j)) {
        const struct trace_event *event = &j->event;
        uint64_t old = event->v[1], new = event->v[2];

        if (split.kind && event->tick > split.tick) {
            struct replay *tables = judgement_tables(j);

            if (!tables ||
                !split_is_whole(j, replay_table(tables, split.v[2] & ENTRY_ADDR), &split))
                return;
            split.kind = 0;
            splits++;
        }
        if (j->inside && event->kind == EVENT_ENTRY_WRITE && event->level == 2 && is_leaf(old, 2) &&
            (new &ENTRY_P) && !(new &ENTRY_PS))
            split = *event;
    }
    judgement_need(j, splits, 1, "a 2 MiB page that is cut in parts");
}
