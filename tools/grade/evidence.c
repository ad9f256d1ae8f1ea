/*
 * What a student is shown of the machine besides the verdict: who wrote the entry,
 * and who before, and who maps the frame.
 */
#include "judge.h"

#include "property.h"
#include "reader.h"
#include "replay.h"
#include "words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    WRITERS_SHOWN = 4,
    MAPPINGS_SHOWN = 4,
    ROOTS_MAX = 64,
    LINE_MAX_BYTES = 512,
    PLACE_MAX = 300
};

static void add_line(json_t *lines, const char *text)
{
    json_array_append_new(lines, json_string(text));
}

/* "in pt_set (src/vm/pt.c:57)" */
static const char *place_text(const struct judge *j, uint64_t addr, char out[PLACE_MAX])
{
    char function[128], where[128];

    judge_place(j, addr, function, where, sizeof(function));
    snprintf(out, PLACE_MAX, "in %s%s%s%s", function[0] ? function : "unknown code",
             where[0] ? " (" : "", where, where[0] ? ")" : "");
    return out;
}

static void add_write(const struct judge *j, json_t *lines, const struct trace_event *event,
                      uint64_t entry)
{
    char text[LINE_MAX_BYTES], was[WORDS_MAX], is[WORDS_MAX], place[PLACE_MAX];

    place_text(j, event->rip - 1, place);
    if (event->kind == EVENT_ENTRY_WRITE || event->kind == EVENT_ENTRY_AD)
        snprintf(text, sizeof(text), "tick %" PRIu64 ": %s 0x%" PRIx64 " was %s; became %s, %s",
                 event->tick, words_entry_name(event->level), entry,
                 words_entry(event->level, event->v[1], was),
                 words_entry(event->level, event->v[2], is), place);
    else
        snprintf(text, sizeof(text),
                 "tick %" PRIu64 ": the table with the entry 0x%" PRIx64 " came into use, %s",
                 event->tick, entry, place);
    add_line(lines, text);
}

/* The last stores to an entry, the youngest first. */
static void add_history(const struct judge *j, json_t *lines, uint64_t entry, uint64_t from)
{
    for (unsigned shown = 0; shown < WRITERS_SHOWN && replay_seek(j->replay, from); shown++) {
        uint64_t n = replay_last_writer(j->replay, entry);
        const struct trace_event *event = n < from ? trace_event(j->trace, n) : NULL;
        struct trace_event copy;

        if (!event)
            return;
        copy = *event;
        add_write(j, lines, &copy, entry);
        if (copy.kind != EVENT_ENTRY_WRITE)
            return;
        from = n;
    }
}

struct mappings {
    json_t *lines;
    uint64_t frame, root;
    unsigned shown;
};

static bool add_mapping(void *arg, const struct leaf *leaf)
{
    struct mappings *m = arg;
    char text[LINE_MAX_BYTES];

    if (!(leaf->entry & ENTRY_U) || m->frame < leaf->phys || m->frame >= leaf->phys + leaf->bytes)
        return true;
    snprintf(text, sizeof(text),
             "frame 0x%" PRIx64 " is mapped at 0x%" PRIx64 " in the space with CR3 0x%" PRIx64
             ", %s (entry 0x%" PRIx64 ")",
             m->frame, leaf->va, m->root, leaf->entry & ENTRY_W ? "writable" : "read-only",
             leaf->entry_phys);
    add_line(m->lines, text);
    return ++m->shown < MAPPINGS_SHOWN;
}

static void add_mappings(const struct judge *j, json_t *lines, uint64_t frame, uint64_t event)
{
    struct mappings mappings = { .lines = lines, .frame = frame };
    uint64_t roots[ROOTS_MAX];
    size_t count;

    if (!replay_seek(j->replay, event))
        return;
    count = replay_roots(j->replay, roots, ROOTS_MAX);
    for (size_t i = 0; i < count && i < ROOTS_MAX && mappings.shown < MAPPINGS_SHOWN; i++) {
        mappings.root = roots[i];
        replay_each_leaf(j->replay, roots[i], add_mapping, &mappings);
    }
}

json_t *evidence_find(const struct judge *j, const struct verdict *v)
{
    json_t *lines = json_array();
    uint64_t end = trace_events(j->trace), from = v->event < end ? v->event + 1 : end;
    struct walk walk;

    if (v->has_entry) {
        add_history(j, lines, v->entry, from);
    } else if (v->has_va && replay_seek(j->replay, from)) {
        replay_walk(j->replay, replay_cr3(j->replay), v->va, &walk);
        add_history(j, lines, walk.step[walk.steps - 1].entry_phys, from);
    }
    if (v->has_frame)
        add_mappings(j, lines, v->frame, from);
    return lines;
}

/* The trace's path from the root of the tree, where ./quire is, in the usual work folder. */
static const char *trace_path(const struct judge *j, char out[PATH_MAX])
{
    const char *name = j->machine->name;

    snprintf(out, PATH_MAX, GRADING_WORK "/traces/%s/%s.trace", j->grading->lab->number, name,
             name);
    return out;
}

json_t *evidence_page(const struct judge *j, uint64_t tick)
{
    char path[PATH_MAX];

    return json_sprintf("./quire view --at %" PRIu64 " %s", tick, trace_path(j, path));
}

json_t *evidence_command(const struct judge *j, const struct verdict *v, uint64_t tick)
{
    char path[PATH_MAX];
    const char *trace = trace_path(j, path);

    if (v->event == UINT64_MAX)
        return json_sprintf("./quire trace stat %s", trace);
    if (v->has_va)
        return json_sprintf("./quire trace walk --tick %" PRIu64 " %s 0x%" PRIx64, tick, trace,
                            v->va);
    return json_sprintf("./quire trace show --from %" PRIu64 " --to %" PRIu64 " %s",
                        tick > 2000 ? tick - 2000 : 0, tick + 200, trace);
}
