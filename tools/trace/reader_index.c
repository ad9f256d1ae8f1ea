/* The index of a trace: checked, or rebuilt; see reader_index.h. */
#include "reader_index.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

void trace_index_free(struct trace_index *index)
{
    free(index->entry);
    index->entry = NULL;
}

/* ---- the file's own index ---- */

/* Does the file end in a trailer whose numbers fit the file? */
static bool read_trailer(const uint8_t *map, size_t size, size_t first,
                         struct trace_trailer *trailer)
{
    if (size - first < sizeof *trailer)
        return false;
    const uint64_t end = size - sizeof *trailer;
    memcpy(trailer, map + end, sizeof *trailer);
    return memcmp(trailer->magic, TRACE_TRAILER_MAGIC, sizeof trailer->magic) == 0 &&
           trailer->index_offset >= first && trailer->index_offset <= end &&
           trailer->blocks <= size / sizeof(struct trace_index_entry) &&
           trailer->blocks * sizeof(struct trace_index_entry) == end - trailer->index_offset;
}

/* Can next be where the block at entry ends? */
static bool follows(const struct trace_index_entry *entry, const struct trace_index_entry *next)
{
    return next->offset > entry->offset &&
           next->offset - entry->offset > sizeof(struct trace_block) &&
           next->offset - entry->offset - sizeof(struct trace_block) <= UINT32_MAX &&
           next->first_event > entry->first_event &&
           next->first_event - entry->first_event <= TRACE_BLOCK_EVENTS &&
           next->first_tick >= entry->first_tick;
}

/* The blocks begin behind the parameters, end at the index, and leave no gaps. */
static bool is_sound(const struct trace_index *index, size_t first)
{
    if (index->entry[0].offset != first || index->entry[0].first_event != 0)
        return false;
    for (uint64_t i = 0; i < index->blocks; i++)
        if (!follows(&index->entry[i], &index->entry[i + 1]))
            return false;
    return true;
}

/* False if there is no sound index, or no memory for it; index->entry tells which. */
static bool take_index(struct trace_index *index, const uint8_t *map, size_t size, size_t first)
{
    struct trace_trailer trailer;
    if (!read_trailer(map, size, first, &trailer))
        return false;
    index->entry = calloc(trailer.blocks + 1, sizeof *index->entry);
    if (!index->entry)
        return false;
    memcpy(index->entry, map + trailer.index_offset, trailer.blocks * sizeof *index->entry);
    index->entry[trailer.blocks] =
        (struct trace_index_entry){ trailer.index_offset, trailer.events, UINT64_MAX };
    index->blocks = trailer.blocks;
    index->events = trailer.events;
    index->whole = is_sound(index, first);
    return index->whole;
}

/* ---- walking ---- */

static bool add_entry(struct trace_index *index, const struct trace_index_entry *entry)
{
    /* Room grows at each power of two. */
    if ((index->blocks & (index->blocks - 1)) == 0) {
        const size_t room = index->blocks ? index->blocks * 2 : 1;
        void *const larger = realloc(index->entry, (room + 1) * sizeof *index->entry);
        if (!larger)
            return false;
        index->entry = larger;
    }
    index->entry[index->blocks++] = *entry;
    return true;
}

/* Is there a whole, undamaged block at the place that entry tells? */
static bool read_block(const uint8_t *map, size_t size, const struct trace_index_entry *entry,
                       struct trace_block *block)
{
    const size_t rest = size - entry->offset;
    if (rest < sizeof *block)
        return false;
    memcpy(block, map + entry->offset, sizeof *block);
    return block->bytes != 0 && block->bytes <= rest - sizeof *block && block->events != 0 &&
           block->events <= TRACE_BLOCK_EVENTS && block->first_tick >= entry->first_tick &&
           crc32_z(0, map + entry->offset + sizeof *block, block->bytes) == block->crc;
}

static bool rebuild_index(struct trace_index *index, const uint8_t *map, size_t size, size_t first)
{
    struct trace_index_entry at = { first, 0, 0 };
    struct trace_block block;

    *index = (struct trace_index){ 0 };
    while (read_block(map, size, &at, &block)) {
        at.first_tick = block.first_tick;
        if (!add_entry(index, &at))
            return false;
        at.offset += sizeof block + block.bytes;
        at.first_event += block.events;
    }
    if (!index->entry && !(index->entry = calloc(1, sizeof *index->entry)))
        return false;
    index->entry[index->blocks] =
        (struct trace_index_entry){ at.offset, at.first_event, UINT64_MAX };
    index->events = at.first_event;
    return true;
}

bool trace_index_load(struct trace_index *index, const uint8_t *map, size_t size, size_t first)
{
    if (take_index(index, map, size, first))
        return true;
    trace_index_free(index);
    return rebuild_index(index, map, size, first);
}

/* ---- finding ---- */

uint64_t trace_index_find_event(const struct trace_index *index, uint64_t n)
{
    uint64_t low = 0,
             high = index->blocks; /* entry[low].first_event <= n < entry[high].first_event */
    while (high - low > 1) {
        const uint64_t middle = low + (high - low) / 2;
        if (index->entry[middle].first_event <= n)
            low = middle;
        else
            high = middle;
    }
    return low;
}

uint64_t trace_index_find_tick(const struct trace_index *index, uint64_t tick)
{
    uint64_t low = 0, high = index->blocks;
    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        if (index->entry[middle].first_tick < tick)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}
