/* A hash map: see replay_map.h. Searches go from a key's home slot up to the first free one. */
#include "replay_map.h"

#include <stdlib.h>
#include <sys/random.h>

enum { SLOTS_MIN = 64 };

void replay_map_init(struct replay_map *map)
{
    *map = (struct replay_map){ 0 };
    /* Where the kernel gives no random bytes, the map still works. */
    (void)!getrandom(&map->seed, sizeof map->seed, GRND_NONBLOCK);
}

void replay_map_free(struct replay_map *map)
{
    free(map->slot);
    map->slot = NULL;
    map->slots = map->used = 0;
}

/* The finalizer of MurmurHash3, which lets each bit of the key change each of the result. */
static size_t home_of(const struct replay_map *map, uint64_t key)
{
    uint64_t hash = key ^ map->seed;
    hash = (hash ^ hash >> 33) * UINT64_C(0xff51afd7ed558ccd);
    hash = (hash ^ hash >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
    return (hash ^ hash >> 33) & (map->slots - 1);
}

/* The slot of a key, or the free one where it belongs. */
static size_t find_slot(const struct replay_map *map, uint64_t key)
{
    size_t i = home_of(map, key);
    while (map->slot[i].value && map->slot[i].key != key)
        i = (i + 1) & (map->slots - 1);
    return i;
}

void *replay_map_get(const struct replay_map *map, uint64_t key)
{
    return map->slots ? map->slot[find_slot(map, key)].value : NULL;
}

static bool grow(struct replay_map *map)
{
    struct replay_map larger = *map;
    larger.slots = map->slots ? map->slots * 2 : SLOTS_MIN;
    larger.slot = calloc(larger.slots, sizeof *larger.slot);
    if (!larger.slot)
        return false;
    for (size_t i = 0; i < map->slots; i++)
        if (map->slot[i].value)
            larger.slot[find_slot(&larger, map->slot[i].key)] = map->slot[i];
    free(map->slot);
    *map = larger;
    return true;
}

bool replay_map_add(struct replay_map *map, uint64_t key, void *value)
{
    if (map->used * 2 >= map->slots && !grow(map))
        return false;
    map->slot[find_slot(map, key)] = (struct replay_map_slot){ key, value };
    map->used++;
    return true;
}

void *replay_map_remove(struct replay_map *map, uint64_t key)
{
    if (!map->slots)
        return NULL;
    size_t hole = find_slot(map, key);
    void *const value = map->slot[hole].value;
    if (!value)
        return NULL;

    /* Close the hole: move up each later entry whose search would now stop there. */
    const size_t mask = map->slots - 1;
    for (size_t i = (hole + 1) & mask; map->slot[i].value; i = (i + 1) & mask) {
        const size_t home = home_of(map, map->slot[i].key);
        if (((i - home) & mask) >= ((i - hole) & mask)) {
            map->slot[hole] = map->slot[i];
            hole = i;
        }
    }
    map->slot[hole].value = NULL;
    map->used--;
    return value;
}
