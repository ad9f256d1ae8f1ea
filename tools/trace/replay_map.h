/*
 * A map from 64-bit keys to pointers, by open addressing. Where an entry lies
 * depends on a random seed, so that a made-up trace cannot aim at long searches.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct replay_map_slot {
    uint64_t key;
    void *value; /* NULL: the slot is free */
};

struct replay_map {
    struct replay_map_slot *slot;
    size_t slots; /* a power of two, at most half of them used; or 0 */
    size_t used;
    uint64_t seed;
};

/* An empty map that owns nothing yet. */
void replay_map_init(struct replay_map *map);

/* Forget all entries; the values are the caller's to free. */
void replay_map_free(struct replay_map *map);

/* The value of a key, or NULL. */
void *replay_map_get(const struct replay_map *map, uint64_t key);

/* Enter a key that is not in the map; value is not NULL. False if memory is out. */
bool replay_map_add(struct replay_map *map, uint64_t key, void *value);

/* Take a key out and return its value, or NULL. */
void *replay_map_remove(struct replay_map *map, uint64_t key);
