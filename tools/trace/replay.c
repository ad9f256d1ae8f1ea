/*
 * Moving to and fro in a trace.
 *
 * Forward, events are applied, and on the way a checkpoint is left at each
 * multiple of the spacing. Back, events are undone as far as the undo log
 * reaches; farther, the last checkpoint before the goal is taken up and the
 * events from there to the goal are applied again, which refills the log: a
 * reader that goes back step by step pays one such replay per spacing.
 *
 * Memory is bounded: when checkpoints and log hold too many pages, every second
 * checkpoint is dropped and the spacing doubles.
 */
#include "replay.h"

#include "replay_inside.h"

#include <stdlib.h>

enum {
    SPACING = 1 << 16,
    SPARE_PAGES = 1 << 13, /* of 8 KiB: 64 MiB */
    STEPS_MAX = 2048,      /* distance up to which events are taken one by one */
};

/* ---- checkpoints ---- */

static void free_checkpoint(struct replay *replay, struct checkpoint *checkpoint)
{
    for (size_t i = 0; i < checkpoint->tables; i++)
        replay_page_release(&replay->state, checkpoint->table[i].page);
    replay->copied_bytes -= checkpoint->tables * sizeof *checkpoint->table;
    free(checkpoint->table);
}

/* Drop every second one, beginning with the first. */
static void thin_checkpoints(struct replay *replay)
{
    size_t kept = 0;
    for (size_t i = 0; i < replay->checkpoints; i++) {
        if (i % 2)
            replay->checkpoint[kept++] = replay->checkpoint[i];
        else
            free_checkpoint(replay, &replay->checkpoint[i]);
    }
    replay->checkpoints = kept;
    replay->spacing *= 2;
}

static bool is_over_limit(const struct replay *replay)
{
    const size_t pages = replay->state.pages + replay->copied_bytes / sizeof(struct table_page);
    return pages > replay->state.tables.used + replay->spare_pages;
}

static void trim_memory(struct replay *replay, uint64_t position)
{
    while (is_over_limit(replay) && replay->checkpoints)
        thin_checkpoints(replay);
    if (is_over_limit(replay))
        replay_state_forget(&replay->state, position);
}

static bool copy_tables(struct replay *replay, struct checkpoint *checkpoint)
{
    const struct replay_map *const map = &replay->state.tables;
    checkpoint->table = calloc(map->used + 1, sizeof *checkpoint->table);
    if (!checkpoint->table)
        return false;
    for (size_t i = 0; i < map->slots; i++) {
        const struct table *const table = map->slot[i].value;
        if (!table)
            continue;
        if (table->page)
            table->page->references++;
        checkpoint->table[checkpoint->tables++] = *table;
    }
    replay->copied_bytes += checkpoint->tables * sizeof *checkpoint->table;
    return true;
}

/* Checkpoints only save time: without memory for one there is none. */
static void leave_checkpoint(struct replay *replay, uint64_t position)
{
    if (replay->checkpoints && replay->checkpoint[replay->checkpoints - 1].position >= position)
        return;
    if (replay->checkpoints == replay->checkpoint_room) {
        const size_t room = replay->checkpoint_room ? replay->checkpoint_room * 2 : 16;
        void *const larger = realloc(replay->checkpoint, room * sizeof *replay->checkpoint);
        if (!larger)
            return;
        replay->checkpoint = larger;
        replay->checkpoint_room = room;
    }
    struct checkpoint checkpoint = { .position = position, .cr3 = replay->state.cr3 };
    if (copy_tables(replay, &checkpoint))
        replay->checkpoint[replay->checkpoints++] = checkpoint;
}

/* The last checkpoint at or before n; NULL: only the beginning, where no table is known. */
static const struct checkpoint *find_checkpoint(const struct replay *replay, uint64_t n)
{
    size_t low = 0, high = replay->checkpoints;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (replay->checkpoint[middle].position <= n)
            low = middle + 1;
        else
            high = middle;
    }
    return low ? &replay->checkpoint[low - 1] : NULL;
}

static bool take_up(struct replay *replay, const struct checkpoint *checkpoint)
{
    const uint64_t position = checkpoint ? checkpoint->position : 0;
    replay_state_clear(&replay->state, position);
    replay->position = position;
    if (!checkpoint)
        return true;
    replay->state.cr3 = checkpoint->cr3;
    for (size_t i = 0; i < checkpoint->tables; i++)
        if (!replay_state_share(&replay->state, &checkpoint->table[i])) {
            replay->state.failed = true;
            return false;
        }
    return true;
}

/* ---- moving ---- */

static bool step(void *arg, uint64_t n, const struct trace_event *event)
{
    struct replay *const replay = arg;
    if (n % replay->spacing == 0 && n != 0)
        leave_checkpoint(replay, n);
    if (!replay_state_apply(&replay->state, n, event))
        return false;
    replay->position = n + 1;
    if (is_over_limit(replay))
        trim_memory(replay, n + 1);
    return true;
}

static bool move_forward(struct replay *replay, uint64_t n)
{
    if (n - replay->position > STEPS_MAX)
        return trace_scan(replay->trace, replay->position, n, step, replay) &&
               replay->position == n;
    while (replay->position < n) {
        const struct trace_event *const event = trace_event(replay->trace, replay->position);
        if (!event || !step(replay, replay->position, event))
            return false;
    }
    return true;
}

/* Get to a place from which events need only be applied. */
static bool find_start(struct replay *replay, uint64_t n)
{
    struct replay_state *const state = &replay->state;
    if (n < replay->position && n >= state->undo_floor && !state->failed) {
        replay_state_undo(state, n);
        replay->position = n;
        return !state->failed;
    }
    const struct checkpoint *const checkpoint = find_checkpoint(replay, n);
    const bool ahead = checkpoint && checkpoint->position > replay->position + STEPS_MAX;
    if (n < replay->position || ahead || state->failed)
        return take_up(replay, checkpoint);
    return true;
}

bool replay_seek(struct replay *replay, uint64_t n)
{
    const uint64_t events = trace_events(replay->trace);
    if (n > events)
        n = events;
    return find_start(replay, n) && move_forward(replay, n);
}

/* ---- a replay ---- */

struct replay *replay_new(struct trace *trace)
{
    struct replay *const replay = calloc(1, sizeof *replay);
    if (!replay)
        return NULL;
    replay->trace = trace;
    replay->spacing = SPACING;
    replay->spare_pages = SPARE_PAGES;
    replay_state_init(&replay->state);
    return replay;
}

void replay_free(struct replay *replay)
{
    if (!replay)
        return;
    for (size_t i = 0; i < replay->checkpoints; i++)
        free_checkpoint(replay, &replay->checkpoint[i]);
    free(replay->checkpoint);
    replay_state_free(&replay->state);
    free(replay);
}

uint64_t replay_position(const struct replay *replay)
{
    return replay->position;
}

uint64_t replay_cr3(const struct replay *replay)
{
    return replay->state.cr3 & PHYS_MASK;
}

unsigned replay_ring(const struct replay *replay)
{
    const uint64_t events = trace_events(replay->trace);
    const uint64_t next = replay->position < events ? replay->position : events - 1;
    const struct trace_event *const event = trace_event(replay->trace, next);
    return event ? event->ring : 0;
}
