/* Tables and user leaves, as the events tell of them: see world.h. */
#include "world.h"

#include "world_inside.h"

#include <stdlib.h>

enum { CHANGED_MAX = 1 << 16, TABLES_MAX = 65536 };

/* ---- leaves of a frame ---- */

static uint64_t leaf_key(uint64_t frame, unsigned level)
{
    return (frame & ENTRY_ADDR & ~(level_bytes(level) - 1)) | level;
}

static void leaf_drop(struct world *world, struct world_table *table, unsigned index)
{
    struct world_leaf *leaf = table->leaf ? table->leaf[index] : NULL;
    struct world_leaf *first;

    if (!leaf)
        return;
    table->leaf[index] = NULL;
    first = replay_map_get(&world->leaves, leaf->key);
    if (first == leaf) {
        replay_map_remove(&world->leaves, leaf->key);
        if (leaf->next)
            world->broken |= !replay_map_add(&world->leaves, leaf->key, leaf->next);
    }
    if (leaf->link)
        *leaf->link = leaf->next;
    if (leaf->next)
        leaf->next->link = leaf->link;
    free(leaf);
}

static void leaf_add(struct world *world, struct world_table *table, unsigned index, uint64_t value)
{
    struct world_leaf *leaf, *first;

    if (!table->leaf)
        table->leaf = calloc(512, sizeof(struct world_leaf *));
    leaf = table->leaf ? calloc(1, sizeof(*leaf)) : NULL;
    if (!leaf) {
        world->broken = true;
        return;
    }
    leaf->key = leaf_key(value, table->level);
    leaf->value = value;
    leaf->entry = table->phys + index * 8;
    leaf->va = table->va + index * level_bytes(table->level);
    leaf->table = table;
    /* Behind the first, so that the map's slot stays. */
    first = replay_map_get(&world->leaves, leaf->key);
    if (first) {
        leaf->next = first->next;
        leaf->link = &first->next;
        if (leaf->next)
            leaf->next->link = &leaf->next;
        first->next = leaf;
    } else if (!replay_map_add(&world->leaves, leaf->key, leaf)) {
        world->broken = true;
        free(leaf);
        return;
    }
    table->leaf[index] = leaf;
}

static void leaf_change(struct world *world, struct world_table *table, unsigned index,
                        uint64_t value)
{
    bool user = entry_is_leaf(value, table->level) && (value & ENTRY_U);
    struct world_leaf *old = table->leaf ? table->leaf[index] : NULL;

    if (old && user && old->key == leaf_key(value, table->level)) {
        old->value = value;
        return;
    }
    leaf_drop(world, table, index);
    if (user)
        leaf_add(world, table, index, value);
}

/* ---- tables ---- */

static void table_drop(struct world *world, uint64_t phys)
{
    struct world_table *table = replay_map_remove(&world->tables, phys);

    if (!table)
        return;
    for (unsigned i = 0; table->leaf && i < 512; i++)
        leaf_drop(world, table, i);
    free(table->leaf);
    free(table);
}

static void table_add(struct world *world, const struct trace_event *event)
{
    uint64_t phys = event->v[0] & ENTRY_ADDR;
    struct world_table *table;

    table_drop(world, phys);
    table = world->tables.used < TABLES_MAX && event->level >= 1 ? calloc(1, sizeof(*table)) : NULL;
    if (!table || !replay_map_add(&world->tables, phys, table)) {
        free(table);
        world->broken = true;
        return;
    }
    *table = (struct world_table){
        .phys = phys, .va = event->v[1], .parent = event->v[2], .level = event->level
    };
}

static void entry_change(struct world *world, uint64_t entry, uint64_t value, bool note)
{
    struct world_table *table = replay_map_get(&world->tables, entry & ENTRY_ADDR);

    if (!table)
        return;
    leaf_change(world, table, (unsigned)(entry & 0xfff) / 8, value);
    if (!note || !(value & ENTRY_P))
        return;
    if (world->changes < CHANGED_MAX)
        world->changed[world->changes++] = entry;
    else
        world->overflow = true;
}

const struct world_table *world_table(const struct judgement *j, uint64_t phys)
{
    return replay_map_get(&j->world->tables, phys & ENTRY_ADDR);
}

void world_apply(struct judgement *j)
{
    const struct trace_event *event = &j->event;
    struct world *world = j->world;

    switch (event->kind) {
    case EVENT_TABLE:
        table_add(world, event);
        break;
    case EVENT_TABLE_GONE:
        table_drop(world, event->v[0] & ENTRY_ADDR);
        break;
    case EVENT_ENTRY_SEEN:
        entry_change(world, event->v[0], event->v[1], true);
        break;
    case EVENT_ENTRY_WRITE:
        entry_change(world, event->v[0], event->v[2], true);
        break;
    case EVENT_ENTRY_AD:
        entry_change(world, event->v[0], event->v[2], false);
        break;
    case EVENT_CALL:
        world->calls++;
        break;
    case EVENT_RETURN:
        world->calls -= world->calls > 0;
        break;
    default:
        break;
    }
    world->user_seen |= event_enters_user(event);
    if (world->broken)
        judgement_fail(j, "The kernel keeps more page tables than can be followed (65536).");
}

/* ---- start and end ---- */

static void world_clear(struct world *world)
{
    for (size_t i = 0; i < world->tables.slots; i++) {
        struct world_table *table = world->tables.slot[i].value;

        for (unsigned k = 0; table && table->leaf && k < 512; k++)
            free(table->leaf[k]);
        if (table)
            free(table->leaf);
        free(table);
    }
    replay_map_free(&world->tables);
    replay_map_free(&world->leaves);
}

void world_restart(struct judgement *j)
{
    struct world *world = j->world;

    world_clear(world);
    replay_map_init(&world->tables);
    replay_map_init(&world->leaves);
    world->changes = 0;
    world->overflow = world->broken = world->user_seen = false;
    world->calls = 0;
}

bool world_start(struct judgement *j)
{
    struct world *world = calloc(1, sizeof(*world));
    uint64_t *changed = malloc(CHANGED_MAX * sizeof(*changed));

    if (!world || !changed) {
        free(world);
        free(changed);
        judgement_refuse(j, "The grader's memory is out.");
        return false;
    }
    world->changed = changed;
    j->world = world;
    world_restart(j);
    return true;
}

void world_free(struct judgement *j)
{
    if (!j->world)
        return;
    world_clear(j->world);
    free(j->world->changed);
    free(j->world);
    j->world = NULL;
}

bool world_settled(struct judgement *j)
{
    const struct trace_event *event = &j->event;

    return event_enters_user(event) || event->kind == EVENT_HALT || event->kind == EVENT_END ||
           j->n + 1 >= j->events ||
           (event->kind == EVENT_RETURN && !j->world->user_seen && j->world->calls <= 1);
}

const struct world_leaf *world_leaves(const struct judgement *j, uint64_t frame, unsigned level)
{
    return replay_map_get(&j->world->leaves, leaf_key(frame, level));
}
