/*
 * Where the blocks of a trace lie: taken from the file's index where that is
 * sound, else found by walking from block to block.
 */
#pragma once

#include "format.h"

struct trace_index {
    struct trace_index_entry *entry; /* one for each block, and one for the end of the last */
    uint64_t blocks, events;
    bool whole; /* the file has its end, and the index there is sound */
};

/*
 * Load the index of a mapped file whose first block is at offset first. What the
 * entries say lies within the file; whether the blocks agree is for who unpacks
 * them to check. False if memory is out.
 */
bool trace_index_load(struct trace_index *index, const uint8_t *map, size_t size, size_t first);
void trace_index_free(struct trace_index *index);

/* The block that holds event n, which must be less than index->events. */
uint64_t trace_index_find_event(const struct trace_index *index, uint64_t n);

/* The first block that begins at this tick or later; index->blocks if there is none. */
uint64_t trace_index_find_tick(const struct trace_index *index, uint64_t tick);
