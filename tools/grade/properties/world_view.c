/* Leaves as the CPU sees them, and those that changed: see world.h. */
#include "world.h"
#include "world_inside.h"

#define VISITS_MAX UINT64_C(100000000)

/* Go up from a table, taking the rights of each entry; false if no root is reached. */
static bool view_climb(struct judgement *j, const struct replay *replay,
                       const struct world_table *table, struct leaf_view *view)
{
    for (unsigned i = 0; i < 4 && table->level < 4; i++) {
        const struct world_table *parent = world_table(j, table->parent);
        const uint64_t *entries = replay_table(replay, table->parent & ENTRY_ADDR);
        uint64_t entry;

        if (!parent || !entries || parent->level <= table->level)
            return false;
        entry = entries[(table->parent & 0xfff) / 8];
        if (!(entry & ENTRY_P) || (entry & ENTRY_ADDR) != table->phys)
            return false;
        view->writable &= (entry & ENTRY_W) != 0;
        view->user &= (entry & ENTRY_U) != 0;
        view->executable &= !(entry & ENTRY_NX);
        table = parent;
    }
    view->space = table->level == 4 ? cursor_find(j, table->phys) : NULL;
    return table->level == 4;
}

/*
 * The kernel's half hangs below all roots, but a table knows only the first that
 * led to it. Where that one is over, the loaded root speaks for it.
 */
static void view_adopt(struct judgement *j, const struct replay *replay, uint64_t va,
                       uint64_t table, struct leaf_view *view)
{
    struct walk walk;

    if (va < KERNEL_HALF || !j->space || space_is_alive(view->space, j->n))
        return;
    replay_walk(replay, j->cr3 & ENTRY_ADDR, va, &walk);
    for (unsigned i = 0; i < walk.steps; i++) {
        if ((walk.step[i].entry_phys & ENTRY_ADDR) != table)
            continue;
        view->space = j->space;
        view->reachable = true;
    }
}

static bool view_fill(struct judgement *j, const struct replay *replay,
                      const struct world_table *table, unsigned index, struct leaf_view *out)
{
    const uint64_t *entries = replay_table(replay, table->phys);
    uint64_t value = entries ? entries[index] : 0;

    if (!entry_is_leaf(value, table->level))
        return false;
    *out = (struct leaf_view){
        .va = table->va + index * level_bytes(table->level),
        .entry = table->phys + index * 8,
        .value = value,
        .frame = entry_frame(value, table->level),
        .bytes = level_bytes(table->level),
        .writable = value & ENTRY_W,
        .user = value & ENTRY_U,
        .executable = !(value & ENTRY_NX),
    };
    out->reachable = view_climb(j, replay, table, out);
    view_adopt(j, replay, out->va, table->phys, out);
    return true;
}

bool world_view(struct judgement *j, const struct world_table *table, unsigned index,
                struct leaf_view *out)
{
    struct replay *replay = judgement_tables(j);

    return replay && view_fill(j, replay, table, index, out);
}

struct space *world_leaf_space(struct judgement *j, const struct world_leaf *leaf)
{
    struct replay *replay = judgement_tables(j);
    struct leaf_view view = { 0 };

    if (!replay || !view_climb(j, replay, leaf->table, &view) || !space_is_alive(view.space, j->n))
        return NULL;
    return view.space;
}

bool world_is_used_table(struct judgement *j, uint64_t phys)
{
    const struct world_table *table = world_table(j, phys);
    struct replay *replay = table ? judgement_tables(j) : NULL;
    struct leaf_view view = { 0 };

    if (!replay)
        return false;
    view_climb(j, replay, table, &view);
    view_adopt(j, replay, table->va, table->phys, &view);
    return space_is_alive(view.space, j->n);
}

/* ---- changed leaves ---- */

bool world_charge(struct judgement *j, uint64_t work)
{
    j->world->visits += work;
    if (j->world->visits > VISITS_MAX)
        judgement_fail(j, "The kernel changes whole tables so often that the rights of all pages "
                          "below them cannot be followed.");
    return j->world->visits <= VISITS_MAX;
}

struct sweep {
    struct judgement *j;
    struct replay *replay;
    bool (*visit)(struct judgement *j, const struct leaf_view *leaf, void *arg);
    void *arg;
};

static bool sweep_table(struct sweep *sweep, const struct world_table *table, unsigned from,
                        unsigned to)
{
    struct judgement *j = sweep->j;
    const uint64_t *entries = replay_table(sweep->replay, table->phys);

    for (unsigned i = from; entries && i < to; i++) {
        const struct world_table *child;
        struct leaf_view view;

        if (!(entries[i] & ENTRY_P))
            continue;
        if (!world_charge(j, 1))
            return false;
        if (view_fill(j, sweep->replay, table, i, &view)) {
            if (!sweep->visit(j, &view, sweep->arg) || judgement_decided(j))
                return false;
            continue;
        }
        child = world_table(j, entries[i]);
        if (child && child->level < table->level && !sweep_table(sweep, child, 0, 512))
            return false;
    }
    return true;
}

static void sweep_all(struct sweep *sweep)
{
    const struct replay_map *tables = &sweep->j->world->tables;

    for (size_t i = 0; i < tables->slots; i++) {
        const struct world_table *table = tables->slot[i].value;

        if (table && table->level == 4 && !sweep_table(sweep, table, 0, 512))
            return;
    }
}

void world_each_changed(struct judgement *j,
                        bool (*visit)(struct judgement *j, const struct leaf_view *leaf, void *arg),
                        void *arg)
{
    struct world *world = j->world;
    struct sweep sweep = { j, judgement_tables(j), visit, arg };

    if (!sweep.replay)
        return;
    if (world->overflow)
        sweep_all(&sweep);
    for (size_t i = 0; i < world->changes && !world->overflow; i++) {
        const struct world_table *table = world_table(j, world->changed[i]);
        unsigned index = (unsigned)(world->changed[i] & 0xfff) / 8;

        if (table && !sweep_table(&sweep, table, index, index + 1))
            break;
    }
    world->changes = 0;
    world->overflow = false;
}
