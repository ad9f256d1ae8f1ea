/*
 * How often each frame is mapped. The counts are built when the first question
 * comes and then follow each change of an entry, so that questions at every
 * event of a trace stay cheap. A 2 MiB leaf counts once, under its own size;
 * a question about a 4 KiB frame adds up the three sizes.
 */
#include "replay.h"
#include "replay_inside.h"
#include "replay_state.h"

#include <stdlib.h>

static uint64_t frame_key(uint64_t phys, unsigned level)
{
    return (phys & PHYS_MASK & ~(level_bytes(level) - 1)) | level;
}

void replay_frames_clear(struct replay_state *state)
{
    for (size_t i = 0; i < state->frames.slots; i++)
        free(state->frames.slot[i].value);
    replay_map_free(&state->frames);
    state->frames_valid = false;
}

/* The count of a frame, a new one if need be; NULL if memory is out. */
static struct frame_count *get_count(struct replay_state *state, uint64_t key)
{
    struct frame_count *count = replay_map_get(&state->frames, key);
    if (count)
        return count;
    count = calloc(1, sizeof *count);
    if (count && !replay_map_add(&state->frames, key, count)) {
        free(count);
        return NULL;
    }
    return count;
}

static void count_leaf(struct replay_state *state, unsigned level, uint64_t entry, uint32_t by)
{
    if (!state->frames_valid || !entry_is_leaf(entry, level))
        return;
    const uint64_t key = frame_key(entry, level);
    struct frame_count *const count = get_count(state, key);
    if (!count) {
        replay_frames_clear(state);
        return;
    }
    if (entry & ENTRY_USER) {
        count->user += by;
        count->writable += entry & ENTRY_WRITABLE ? by : 0;
    } else {
        count->kernel += by;
    }
    if (count->user == 0 && count->kernel == 0)
        free(replay_map_remove(&state->frames, key));
}

void replay_frames_change(struct replay_state *state, unsigned level, uint64_t old, uint64_t new)
{
    const uint64_t matters = PHYS_MASK | ENTRY_PRESENT | ENTRY_WRITABLE | ENTRY_USER | ENTRY_LARGE;
    if (((old ^ new) & matters) == 0)
        return;
    count_leaf(state, level, old, UINT32_MAX);
    count_leaf(state, level, new, 1);
}

void replay_frames_table(struct replay_state *state, const struct table *table, bool comes)
{
    if (!table->page)
        return;
    for (unsigned i = 0; i < TABLE_ENTRIES; i++)
        count_leaf(state, table->level, table->page->entry[i], comes ? 1 : UINT32_MAX);
}

static void build(struct replay_state *state)
{
    state->frames_valid = true;
    for (size_t i = 0; i < state->tables.slots && state->frames_valid; i++)
        if (state->tables.slot[i].value)
            replay_frames_table(state, state->tables.slot[i].value, true);
}

bool replay_frame(struct replay *replay, uint64_t phys, struct frame_info *out)
{
    struct replay_state *const state = &replay->state;
    if (!state->frames_valid)
        build(state);

    *out = (struct frame_info){ .use = FRAME_USE_NONE };
    for (unsigned level = 1; level <= 3 && state->frames_valid; level++) {
        const struct frame_count *const count =
            replay_map_get(&state->frames, frame_key(phys, level));
        if (!count)
            continue;
        out->references += count->user;
        out->kernel_references += count->kernel;
        out->writable |= count->writable != 0;
    }
    if (replay_state_table(state, phys))
        out->use = FRAME_USE_TABLE;
    else if (out->references)
        out->use = out->references == 1 ? FRAME_USE_PRIVATE : FRAME_USE_SHARED;
    return state->frames_valid;
}
