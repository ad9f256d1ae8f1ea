/* Questions about the tables where a replay stands. */
#include "replay.h"

#include "replay_inside.h"

#include <stdlib.h>
#include <string.h>

/* A tree that shares its tables may have more leaves than anybody can wait for. */
enum { TABLES_VISITED_MAX = 1 << 20 };

/* ---- tables ---- */

unsigned replay_table_level(const struct replay *replay, uint64_t phys)
{
    const struct table *const table = replay_state_table(&replay->state, phys);
    return table ? table->level : 0;
}

const uint64_t *replay_table(const struct replay *replay, uint64_t phys)
{
    const struct table *const table = replay_state_table(&replay->state, phys);
    return table ? table_entries(table) : NULL;
}

static int compare_tables(const void *a, const void *b)
{
    const struct table_info *const left = a, *const right = b;
    return (left->phys > right->phys) - (left->phys < right->phys);
}

size_t replay_tables(const struct replay *replay, struct table_info *tables, size_t max)
{
    const struct replay_map *const map = &replay->state.tables;
    size_t count = 0;
    for (size_t i = 0; i < map->slots && count < max; i++) {
        const struct table *const table = map->slot[i].value;
        if (table)
            tables[count++] = (struct table_info){ table->phys, table->va, table->parent,
                                                   table->born, table->level };
    }
    if (count)
        qsort(tables, count, sizeof *tables, compare_tables);
    return map->used;
}

static int compare_addresses(const void *a, const void *b)
{
    const uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
    return (left > right) - (left < right);
}

size_t replay_roots(const struct replay *replay, uint64_t *roots, size_t max)
{
    const struct replay_map *const map = &replay->state.tables;
    size_t count = 0, stored = 0;
    for (size_t i = 0; i < map->slots; i++) {
        const struct table *const table = map->slot[i].value;
        if (!table || table->level != 4)
            continue;
        if (stored < max)
            roots[stored++] = table->phys;
        count++;
    }
    if (stored)
        qsort(roots, stored, sizeof *roots, compare_addresses);
    return count;
}

uint64_t replay_last_writer(const struct replay *replay, uint64_t entry_phys)
{
    const struct table *const table = replay_state_table(&replay->state, entry_phys);
    if (!table)
        return UINT64_MAX;
    const unsigned index = entry_phys / sizeof(uint64_t) % TABLE_ENTRIES;
    const uint64_t writer = table->page ? table->page->writer[index] : 0;
    return writer ? writer - 1 : table->born;
}

/* ---- walking ---- */

static unsigned index_at(uint64_t va, unsigned level)
{
    return va / level_bytes(level) % TABLE_ENTRIES;
}

void replay_walk(const struct replay *replay, uint64_t root, uint64_t va, struct walk *out)
{
    uint64_t at = root & PHYS_MASK;
    *out = (struct walk){ .writable = true, .user = true, .executable = true };
    for (unsigned level = 4; level > 0; level--) {
        const struct table *const table = replay_state_table(&replay->state, at);
        const unsigned index = index_at(va, level);
        const uint64_t entry = table ? table_entries(table)[index] : 0;
        out->step[out->steps++] = (struct walk_step){ level, at + index * sizeof entry, entry };
        if (!(entry & ENTRY_PRESENT) || (level == 4 && (entry & ENTRY_LARGE)))
            break;
        out->writable &= (entry & ENTRY_WRITABLE) != 0;
        out->user &= (entry & ENTRY_USER) != 0;
        out->executable &= (entry & ENTRY_NO_EXECUTE) == 0;
        if (entry_is_leaf(entry, level)) {
            out->present = true;
            out->page_bytes = level_bytes(level);
            out->phys = leaf_phys(entry, level) | (va & (out->page_bytes - 1));
            return;
        }
        at = entry & PHYS_MASK;
    }
    out->writable = out->user = out->executable = false;
}

/* ---- each leaf ---- */

struct traversal {
    const struct replay *replay;
    bool (*visit)(void *arg, const struct leaf *leaf);
    void *arg;
    unsigned tables; /* visited */
};

static uint64_t canonical(uint64_t va)
{
    return va & UINT64_C(1) << 47 ? va | UINT64_C(0xffff) << 48 : va;
}

static bool visit_table(struct traversal *traversal, uint64_t phys, unsigned level, uint64_t base);

/* What entry number index of a table at phys maps; false to stop. */
static bool visit_entry(struct traversal *traversal, const struct leaf *leaf, unsigned level)
{
    const uint64_t entry = leaf->entry;
    if (!(entry & ENTRY_PRESENT) || (level == 4 && (entry & ENTRY_LARGE)))
        return true;
    if (entry_is_leaf(entry, level))
        return traversal->visit(traversal->arg, leaf);
    return level == 1 || visit_table(traversal, entry & PHYS_MASK, level - 1, leaf->va);
}

static bool visit_table(struct traversal *traversal, uint64_t phys, unsigned level, uint64_t base)
{
    const struct table *const table = replay_state_table(&traversal->replay->state, phys);
    if (!table || !table->page)
        return true;
    if (++traversal->tables > TABLES_VISITED_MAX)
        return false;
    for (unsigned i = 0; i < TABLE_ENTRIES; i++) {
        const uint64_t entry = table->page->entry[i];
        const struct leaf leaf = {
            .va = canonical(base + i * level_bytes(level)),
            .phys = leaf_phys(entry, level),
            .bytes = level_bytes(level),
            .entry = entry,
            .entry_phys = phys + i * sizeof entry,
        };
        if (entry && !visit_entry(traversal, &leaf, level))
            return false;
    }
    return true;
}

void replay_each_leaf(const struct replay *replay, uint64_t root,
                      bool (*visit)(void *arg, const struct leaf *leaf), void *arg)
{
    struct traversal traversal = { replay, visit, arg, 0 };
    visit_table(&traversal, root & PHYS_MASK, 4, 0);
}
