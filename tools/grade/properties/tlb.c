/* What the TLB may still know, and how often it is told to forget. */
#include "define.h"
#include "words.h"

static const char *access_name(const struct trace_event *event)
{
    if (event->kind == EVENT_STALE_CPU)
        return "a translation";
    return event->what == ACCESS_WRITE   ? "a translation for a write"
           : event->what == ACCESS_FETCH ? "a translation for an instruction"
                                         : "a translation for a read";
}

PROPERTY(no_stale_use, "No translation is used that the tables no longer hold")
{
    char who[LABEL_MAX], since[LABEL_MAX * 2];

    while (judgement_next(j)) {
        const struct trace_event *event = &j->event;

        if (!j->inside || (event->kind != EVENT_STALE_CPU && event->kind != EVENT_STALE_IDEAL))
            continue;
        judgement_about_va(j, event->v[0]);
        judgement_about_entry(j, event->v[3]);
        judgement_about_frame(j, event->v[1]);
        return judgement_fail(j,
                              "At tick %" PRIu64 " ring %u of %s used %s of 0x%" PRIx64
                              " that still led to frame 0x%" PRIx64 "; the entry is 0x%" PRIx64
                              " by now, %s, and nobody told the TLB: the flush is missing%s.",
                              event->tick, event->ring, space_label(j->space, who),
                              access_name(event), event->v[0], event->v[1] & ENTRY_ADDR,
                              event->v[2], judgement_since(j, event->v[3], since),
                              event->kind == EVENT_STALE_IDEAL
                                  ? " (this CPU happened to have forgotten; another one will not)"
                                  : "");
    }
}

static void judge_window(struct judgement *j, const char *happened)
{
    const struct trace_event *event = &j->event;
    char who[LABEL_MAX], since[LABEL_MAX * 2];

    judgement_about_va(j, event->v[0]);
    judgement_about_entry(j, event->v[3]);
    judgement_about_frame(j, event->v[1] & ENTRY_ADDR);
    judgement_fail(j,
                   "The entry for 0x%" PRIx64 " of %s changed from 0x%" PRIx64 " to 0x%" PRIx64
                   " %s, and %s at tick %" PRIu64
                   " without a flush between: the TLB may still use the old one.",
                   event->v[0], space_label(j->space, who), event->v[1], event->v[2],
                   judgement_since(j, event->v[3], since), happened, event->tick);
}

PROPERTY(no_missing_flush, "Ring 3 never runs while the TLB may hold what was taken away")
{
    while (judgement_next(j)) {
        if (!j->inside || j->event.kind != EVENT_WINDOW || j->event.what == WINDOW_REUSE)
            continue;
        return judge_window(j, j->event.what == WINDOW_TABLE ? "a table on the way was dropped"
                                                             : "ring 3 was entered");
    }
}

PROPERTY(no_reuse_before_flush, "A frame is flushed from the TLB before it gets a new use")
{
    while (judgement_next(j)) {
        if (j->inside && j->event.kind == EVENT_WINDOW && j->event.what == WINDOW_REUSE)
            return judge_window(j, "its frame got a new use");
    }
}

/* ---- too many ---- */

static bool is_flush(const struct trace_event *event)
{
    return event->kind == EVENT_INVLPG || event->kind == EVENT_INVPCID ||
           (event->kind == EVENT_CR && event->what == 3);
}

PROPERTY(flushes_at_most, "The TLB is flushed no more often than needed",
         INTEGER_("max", "INVLPG, INVPCID and loads of CR3"),
         TEXT("function", "count within each call of this kernel function"))
{
    uint64_t max = (uint64_t)with_integer(j, "max", 0), count = 0, calls = 0;
    const char *function = with_text(j, "function", NULL);
    int place = function ? call_place(j, function) : -1;
    unsigned depth = 0;

    if (function && place < 0)
        return judgement_refuse(j, "Calls of %.60s are not recorded.", function);
    while (judgement_next(j)) {
        bool ours = function && (int)j->event.what == place;

        if (ours && j->event.kind == EVENT_CALL && depth++ == 0) {
            count = 0;
            calls += j->inside;
        } else if (ours && j->event.kind == EVENT_RETURN) {
            depth -= depth > 0;
        }
        count += j->inside && (!function || depth) && is_flush(&j->event);
        if (count > max)
            return judgement_fail(j,
                                  "%s%s flushed the TLB %" PRIu64 " times by tick %" PRIu64
                                  "; %" PRIu64
                                  " are enough. Each flush costs the walks of all that "
                                  "is used afterwards.",
                                  function ? "One call of " : "The kernel",
                                  function ? function : "", count, j->event.tick, max);
    }
    if (function)
        judgement_need(j, calls, 1, "a call of that function");
}

PROPERTY(cr3_loads_at_most, "CR3 is loaded no more often than needed", INTEGER_("max", "loads"))
{
    uint64_t max = (uint64_t)with_integer(j, "max", 0), count = 0;

    while (judgement_next(j)) {
        count += j->inside && j->event.kind == EVENT_CR && j->event.what == 3;
        if (count > max)
            return judgement_fail(j,
                                  "CR3 was loaded %" PRIu64 " times by tick %" PRIu64
                                  " (%s); %" PRIu64 " are enough for what is done here.",
                                  count, j->event.tick, judgement_function(j), max);
    }
}

/* What changed since it was flushed. */
struct dirty {
    struct replay_map pages; /* by page number + 1 */
    bool all;                /* a table went, or there are too many: any flush has a reason */
    bool weakened;           /* rights were lost since the last load of CR3 */
};

static void dirty_note(struct dirty *dirty, const struct trace_event *event)
{
    uint64_t key = (event->v[3] >> 12) + 1, old = event->v[1], new = event->v[2];

    if (!(old & ENTRY_P) || old == new)
        return;
    dirty->weakened = true;
    if (event->level != 1 || dirty->pages.used >= 1 << 20)
        dirty->all = true;
    else if (!replay_map_get(&dirty->pages, key))
        replay_map_add(&dirty->pages, key, dirty);
}

PROPERTY(no_needless_flush, "No page is flushed whose entry did not change",
         INTEGER("max", "INVLPG that may be needless (default 0)"))
{
    uint64_t max = (uint64_t)with_integer(j, "max", 0), needless = 0, flushes = 0;
    struct dirty dirty = { 0 };

    replay_map_init(&dirty.pages);
    while (judgement_next(j)) {
        const struct trace_event *event = &j->event;

        if (event->kind == EVENT_ENTRY_WRITE)
            dirty_note(&dirty, event);
        if (event->kind != EVENT_INVLPG || !j->inside)
            continue;
        flushes++;
        if (replay_map_remove(&dirty.pages, (event->v[0] >> 12) + 1) || dirty.all ||
            ++needless <= max)
            continue;
        judgement_about_va(j, event->v[0]);
        judgement_fail(j,
                       "INVLPG for 0x%" PRIx64 " at tick %" PRIu64 " (%s), but no entry of that "
                       "page that the CPU could have cached changed since its last flush: the TLB "
                       "keeps nothing of entries that are not present (%" PRIu64
                       " needless ones, %" PRIu64 " are tolerated).",
                       event->v[0], event->tick, judgement_function(j), needless, max);
    }
    replay_map_free(&dirty.pages);
    judgement_need(j, flushes, 0, "INVLPG");
}

/* Kernel tasks need no space of their own: they run in that of whoever was there before. */
PROPERTY(no_detour_by_kernel_space, "A switch to a kernel task and back does not touch CR3",
         INTEGER("max", "detours that are tolerated (default 0)"))
{
    uint64_t max = (uint64_t)with_integer(j, "max", 0), detours = 0, switches = 0;
    const struct space *left = NULL; /* a process that was left for the kernel's space */
    char who[LABEL_MAX];

    while (judgement_next(j)) {
        const struct trace_event *event = &j->event;
        const struct space *to;

        if (event->kind != EVENT_CR || event->what != 3 || !j->space)
            continue;
        to = cursor_find(j, event->v[0]);
        switches += j->inside && to && to != j->space;
        if (j->inside && to && to == left && !j->space->process && ++detours > max)
            judgement_fail(j,
                           "%s goes back to %s at tick %" PRIu64
                           ", after CR3 held the kernel's root in between and nobody else ran: a "
                           "kernel task can do its work in any space, and the TLB stays warm.",
                           judgement_function(j), space_label(to, who), event->tick);
        left = to && !to->process && j->space->process ? j->space : NULL;
    }
    judgement_need(j, switches, 1, "a switch of CR3");
}

PROPERTY(no_needless_cr3_load, "CR3 is not loaded with what it holds, unless to flush",
         INTEGER("max", "such loads that are tolerated (default 0)"))
{
    uint64_t max = (uint64_t)with_integer(j, "max", 0), needless = 0;
    struct dirty dirty = { .all = true };
    char who[LABEL_MAX];

    while (judgement_next(j)) {
        const struct trace_event *event = &j->event;

        if (event->kind == EVENT_ENTRY_WRITE)
            dirty.weakened |= (event->v[1] & ENTRY_P) && event->v[1] != event->v[2];
        if (event->kind != EVENT_CR || event->what != 3)
            continue;
        if (j->inside && (j->cr0 & CR0_PG) && event->v[0] == event->v[1] && !dirty.weakened &&
            ++needless > max)
            judgement_fail(j,
                           "%s loads CR3 with the value it holds (0x%" PRIx64 ", %s) at tick "
                           "%" PRIu64 ", though no entry lost anything since the last load: that "
                           "empties the TLB for nothing.",
                           judgement_function(j), event->v[0], space_label(j->space, who),
                           event->tick);
        dirty.weakened = false;
    }
}
