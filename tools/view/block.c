#include "block.h"

#include "describe.h"
#include "findings.h"
#include "format.h"
#include "json_text.h"
#include "output.h"
#include "places.h"
#include "replay.h"

#include <stdlib.h>
#include <string.h>

/* A block being made. */
struct block {
    const struct subject *subject;
    struct selection selection;
    struct places *places;
    struct output output;
    struct trace_codec codec;
    struct buffer events;
    uint64_t count;        /* events so far */
    uint64_t *boundary;    /* events of the trace at which spaces begin and end, in order */
    uint64_t *boundary_at; /* and their numbers in the page */
    size_t boundaries, reached;
};

static void block_add(struct block *b, const struct trace_event *event)
{
    uint8_t *room = buffer_room(&b->events, TRACE_EVENT_BYTES_MAX);

    b->events.used += trace_pack(&b->codec, event, room);
    places_add_event(b->places, event);
    b->count++;
}

static int u64_compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

/* All events at which the description needs to know the page's number. */
static void boundaries_find(struct block *b)
{
    unsigned spaces = spaces_count(b->subject->spaces);

    b->boundary = cli_alloc(2 * (size_t)spaces + 1, sizeof(uint64_t));
    b->boundary_at = cli_alloc(2 * (size_t)spaces + 1, sizeof(uint64_t));
    for (unsigned i = 1; i <= spaces; i++) {
        const struct space *space = spaces_get(b->subject->spaces, i);

        b->boundary[b->boundaries++] = space->first_event;
        b->boundary[b->boundaries++] = space->last_event;
    }
    qsort(b->boundary, b->boundaries, sizeof(uint64_t), u64_compare);
}

/* All boundaries up to event n of the trace lie before the page's next event. */
static void boundaries_reach(struct block *b, uint64_t n)
{
    while (b->reached < b->boundaries && b->boundary[b->reached] <= n)
        b->boundary_at[b->reached++] = b->count;
}

static uint64_t block_page_event(void *arg, uint64_t event)
{
    const struct block *b = arg;
    const uint64_t *found =
        bsearch(&event, b->boundary, b->boundaries, sizeof(uint64_t), u64_compare);

    return found && found < b->boundary + b->reached ? b->boundary_at[found - b->boundary]
                                                     : b->count;
}

static void block_add_table(struct block *b, const struct replay *replay,
                            const struct table_info *table, uint64_t tick)
{
    const uint64_t *entry = replay_table(replay, table->phys);
    struct trace_event event = { .tick = tick,
                                 .kind = EVENT_TABLE,
                                 .level = (uint8_t)table->level,
                                 .v = { table->phys, table->va, table->parent } };

    block_add(b, &event);
    event.kind = EVENT_ENTRY_SEEN;
    for (unsigned i = 0; i < 512; i++) {
        uint64_t va = table->va + ((uint64_t)i << (3 + 9 * table->level));

        if (table->level == 4 && i >= 256)
            va |= UINT64_C(0xffff) << 48;
        event.v[0] = table->phys + 8 * (uint64_t)i;
        event.v[1] = entry[i];
        event.v[2] = va;
        if (entry[i])
            block_add(b, &event);
    }
}

/* The machine as it is where the window begins: {"events", "cr3", "ring"}. */
static json_t *block_snapshot(struct block *b)
{
    struct replay *replay = replay_new(b->subject->trace);
    uint64_t tick = trace_event(b->subject->trace, b->selection.from)->tick;
    struct table_info *table;
    json_t *snapshot;
    size_t tables;

    if (!replay)
        cli_fail(CLI_ERROR, "not enough memory");
    if (!replay_seek(replay, b->selection.from))
        cli_fail(CLI_ERROR, "%s is damaged before these ticks", b->subject->path);
    tables = replay_tables(replay, NULL, 0);
    table = cli_alloc(tables + 1, sizeof(*table));
    replay_tables(replay, table, tables);
    for (unsigned level = 4; level >= 1; level--) /* the page asks whose a table is when it comes */
        for (size_t i = 0; i < tables; i++)
            if (table[i].level == level)
                block_add_table(b, replay, &table[i], tick);
    snapshot = json_need(json_pack("{s:I, s:o, s:i}", "events", (json_int_t)b->count, "cr3",
                                   json_hex(replay_cr3(replay)), "ring", (int)replay_ring(replay)));
    free(table);
    replay_free(replay);
    return snapshot;
}

static bool block_visit(void *arg, uint64_t n, const struct trace_event *event)
{
    struct block *b = arg;

    boundaries_reach(b, n);
    output_step(&b->output, event, b->count);
    if (selection_has(&b->selection, event))
        block_add(b, event);
    return true;
}

static json_t *block_describe(struct block *b, const struct block_wish *wish, json_t *snapshot,
                              json_t *findings)
{
    const struct trace *trace = b->subject->trace;
    const char *slash = strrchr(b->subject->path, '/');
    const char *file = slash ? slash + 1 : b->subject->path;

    json_t *all = json_need(json_object());

    json_object_set_new(all, "file", json_text(file, strlen(file)));
    if (wish->title)
        json_object_set_new(all, "title", json_text(wish->title, strlen(wish->title)));
    json_object_set_new(all, "at",
                        json_integer(wish->at == UINT64_MAX ? -1 : (json_int_t)wish->at));
    json_object_set_new(all, "parameters", describe_parameters(trace));
    json_object_set_new(all, "selection", describe_selection(&b->selection, trace));
    json_object_set_new(all, "spaces", describe_spaces(b->subject->spaces, block_page_event, b));
    json_object_set_new(all, "calls", describe_calls(trace));
    json_object_set_new(all, "places", places_json(b->places));
    json_object_set_new(all, "output", b->output.lines);
    json_object_set_new(all, "snapshot", snapshot);
    json_object_set_new(all, "findings", findings);
    return all;
}

static void block_finish(struct block *b, const json_t *description, struct buffer *out)
{
    char *text = json_dumps(description, JSON_COMPACT);
    struct buffer plain = { 0 };

    if (!text)
        cli_fail(CLI_ERROR, "not enough memory");
    buffer_add_text(&plain, "QUIREVW1");
    buffer_add_u32(&plain, (uint32_t)strlen(text));
    buffer_add_u32(&plain, (uint32_t)b->count);
    buffer_add_text(&plain, text);
    buffer_add(&plain, b->events.data, b->events.used);
    buffer_deflate(&plain, out);
    buffer_free(&plain);
    free(text);
}

void block_write(const struct subject *subject, const struct block_wish *wish, struct buffer *out)
{
    json_t *findings = findings_of(wish->result, wish->result_path, subject->path);
    struct selection_wish selection = wish->selection;
    struct block b = { .subject = subject, .places = places_new(subject) };
    json_t *snapshot = NULL, *description;

    if (selection.near_tick == UINT64_MAX)
        selection.near_tick = findings_first_tick(findings);
    selection_make(&b.selection, subject->trace, &selection);
    output_init(&b.output);
    boundaries_find(&b);
    boundaries_reach(&b, b.selection.from ? b.selection.from - 1 : 0);
    snapshot = b.selection.from ? block_snapshot(&b) : json_null();
    trace_scan(subject->trace, b.selection.from, b.selection.to, block_visit, &b);
    description = block_describe(&b, wish, snapshot, findings);
    block_finish(&b, description, out);
    json_decref(description);
    places_free(b.places);
    buffer_free(&b.events);
    free(b.boundary);
    free(b.boundary_at);
}
