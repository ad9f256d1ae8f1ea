/* A number for each of some frames, other than 0, which says that there is none. */
#pragma once

#include "replay_map.h"

enum { FRAME_MAP_MAX = 4 << 20 };

static inline uint64_t frame_map_get(const struct replay_map *map, uint64_t frame)
{
    return (uint64_t)(uintptr_t)replay_map_get(map, frame);
}

static inline void frame_map_set(struct replay_map *map, uint64_t frame, uint64_t number)
{
    if (map->used >= FRAME_MAP_MAX)
        return;
    replay_map_remove(map, frame);
    replay_map_add(map, frame, (void *)(uintptr_t)number);
}
