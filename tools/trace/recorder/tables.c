/*
 * See tables.h. Start reading at table_set.
 *
 * A kernel may free a whole tree of tables without clearing the entries that
 * link them. Such a tree is inactive: no loaded root reaches it. A page of it is
 * no table any more once it is used for something else: it becomes a table
 * elsewhere, user memory, gets a value that is no entry, or (a root) all zeros.
 */
#include "tables.h"

#include "links.h"
#include "machine.h"
#include "out.h"
#include "setup.h"
#include "tlb.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { HASH_BITS = 12 };

uint8_t *tables_flag;

static struct table *hash[1 << HASH_BITS];
static bool dangling; /* an entry may refer to a page that was not taken for its table */

void tables_init(void)
{
    tables_flag = mmap(NULL, 1ull << (PHYS_BITS - PAGE_BITS), PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (tables_flag == MAP_FAILED)
        setup_refuse("cannot reserve memory: %m; raise the limit of ulimit -v");
}

static struct table **table_slot(uint64_t phys)
{
    uint64_t page = phys >> PAGE_BITS;
    struct table **slot = &hash[(page ^ page >> HASH_BITS) & ((1 << HASH_BITS) - 1)];

    while (*slot && (*slot)->phys != page << PAGE_BITS)
        slot = &(*slot)->next;
    return slot;
}

struct table *tables_find(uint64_t phys)
{
    return tables_covers(phys) ? *table_slot(phys) : NULL;
}

uint64_t table_linear(const struct table *table, unsigned index)
{
    uint64_t va = table->base + ((uint64_t)index << level_shift(table->level));

    return va >> 47 & 1 ? va | 0xffffull << 48 : va;
}

static uint64_t table_entry_phys(const struct table *table, unsigned index)
{
    return table->phys + index * sizeof(uint64_t);
}

/* Can the value be an entry at all, or has the page become data? */
static bool entry_plausible(uint64_t entry, unsigned level)
{
    if (!(entry & PTE_P))
        return true;
    if ((entry & PTE_ADDR) >> PHYS_BITS || (level == LEVEL_ROOT && (entry & PTE_PS)))
        return false;
    if (entry_is_link(entry, level))
        return (entry & PTE_ADDR) < setup.memory;
    return level == 1 || !(entry & PTE_ADDR & ((1ull << level_shift(level)) - 1) & ~0x1000ull);
}

/* Does a root that a CPU holds reach it? depth bounds loops of a recursive map. */
static bool table_active(const struct table *table, unsigned depth)
{
    if (table->root && table->phys == (machine.cr3 & PTE_ADDR))
        return true;
    for (unsigned i = 0; depth > 0 && i < table->parents; i++) {
        const struct table *parent = tables_find(table->parent[i]);

        if (parent && parent != table && table_active(parent, depth - 1))
            return true;
    }
    return false;
}

/* A table event stands for a table without entries: those that it has must follow. */
static void table_say(const struct table *table)
{
    out_event(EVENT_TABLE, 0, table->level,
              VALUES(table->phys, table_linear(table, 0), table->parents ? table->parent[0] : 0));
    for (unsigned i = 0; i < TABLE_ENTRIES; i++)
        if (table->entry[i])
            out_event(EVENT_ENTRY_SEEN, 0, table->level,
                      VALUES(table_entry_phys(table, i), table->entry[i], table_linear(table, i)));
}

/* The table that this entry refers to, if it is the first that does. */
static struct table *table_child(const struct table *table, unsigned index)
{
    uint64_t entry = table->entry[index];
    struct table *child = entry_is_link(entry, table->level) ? tables_find(entry & PTE_ADDR) : NULL;

    return child && child->level == table->level - 1 && child->parents > 0 &&
                   child->parent[0] == table_entry_phys(table, index)
               ? child
               : NULL;
}

/* Its first parent is another one now, which says which addresses it maps, and all below it. */
static void table_move(struct table *table)
{
    uint64_t at = table->parent[0], old = table->base;
    const struct table *parent = tables_find(at);

    if (parent && parent->level == table->level + 1)
        table->base = parent->base + (((at & 0xfff) / sizeof(at)) << level_shift(parent->level));
    table_say(table);
    for (unsigned i = 0; table->base != old && i < TABLE_ENTRIES; i++) {
        struct table *child = table_child(table, i);

        if (child)
            table_move(child);
    }
}

static void table_link(uint64_t entry, unsigned level, uint64_t base, uint64_t parent);

static void table_unlink(uint64_t entry, uint64_t parent)
{
    struct table *table = tables_find(entry & PTE_ADDR);
    uint64_t first;

    if (!table || !links_remove(table, parent, &first))
        return;
    if (table->parents == 0 && !table->root)
        tables_drop(table);
    else if (first == parent && table->parents > 0 && table->level < LEVEL_ROOT)
        table_move(table);
}

void tables_drop(struct table *table)
{
    struct table **slot = table_slot(table->phys);

    out_event(EVENT_TABLE_GONE, 0, table->level, VALUES(table->phys));
    *slot = table->next;
    tables_flag[table->phys >> PAGE_BITS] = 0;
    dangling |= table->parents > 0;
    tlb_forget_table(table);
    for (unsigned i = 0; i < TABLE_ENTRIES; i++)
        if (entry_is_link(table->entry[i], table->level))
            table_unlink(table->entry[i], table_entry_phys(table, i));
    free(table->parent);
    free(table);
}

/* The page was not known as a table: read it, and all that it refers to. */
static struct table *table_add(uint64_t phys, unsigned level, uint64_t base, uint64_t parent)
{
    struct table *table = calloc(1, sizeof(*table));
    struct table **slot = table_slot(phys);

    if (!table)
        setup_refuse("out of memory");
    table->phys = phys;
    table->level = level;
    table->base = base;
    table->root = parent == 0;
    table->next = *slot;
    *slot = table;
    tables_flag[phys >> PAGE_BITS] = 1;
    if (parent)
        links_add(table, parent);
    machine_read(phys, table->entry, sizeof(table->entry));
    table_say(table);
    tlb_frame_reused(phys, 1ull << PAGE_BITS, 0);
    for (unsigned i = 0; i < TABLE_ENTRIES; i++)
        table->used += table->entry[i] != 0;
    for (unsigned i = 0; i < TABLE_ENTRIES; i++)
        table_link(table->entry[i], level, base + ((uint64_t)i << level_shift(level)),
                   table_entry_phys(table, i));
    return table;
}

/*
 * The entry at `parent` has this value now: what it refers to is a table. An inactive tree
 * cannot make a table of a root, though: its pages may be data by now, and the root asleep.
 */
static void table_link(uint64_t entry, unsigned level, uint64_t base, uint64_t parent)
{
    uint64_t phys = entry & PTE_ADDR;
    struct table *table;

    if (!entry_is_link(entry, level) || !entry_plausible(entry, level))
        return;
    table = tables_find(phys);
    if (table && phys != (parent & PTE_ADDR) && !table_active(table, LEVEL_ROOT) &&
        (table->level != level - 1 || table->base != base)) {
        if (table->root && !table_active(tables_find(parent), LEVEL_ROOT)) {
            dangling = true;
            return;
        }
        tables_drop(table);
        table = NULL;
    }
    if (!table) {
        table_add(phys, level - 1, base, parent);
        return;
    }
    table->aliased |= table->level != level - 1 || table->base != base;
    links_add(table, parent);
}

/* Entries whose tables were taken for data, or for roots, may refer to tables now. */
static void table_relink(struct table *table, unsigned depth)
{
    for (unsigned i = 0; depth > 1 && i < TABLE_ENTRIES; i++) {
        uint64_t entry = table->entry[i];
        struct table *child;

        if (!entry_is_link(entry, table->level) || !entry_plausible(entry, table->level))
            continue;
        child = tables_find(entry & PTE_ADDR);
        if (child && child->level == table->level - 1)
            table_relink(child, depth - 1);
        else
            table_link(entry, table->level,
                       table->base + ((uint64_t)i << level_shift(table->level)),
                       table_entry_phys(table, i));
    }
}

void tables_load_root(uint64_t cr3)
{
    uint64_t phys = cr3 & PTE_ADDR;
    struct table *table = tables_find(phys);

    if (phys >= setup.memory)
        return;
    /* A page of a dead tree, chosen as a root of its own. */
    if (table && table->level != LEVEL_ROOT && !table_active(table, LEVEL_ROOT)) {
        tables_drop(table);
        table = NULL;
    }
    if (!table)
        table = table_add(phys, LEVEL_ROOT, 0, 0);
    else if (dangling)
        table_relink(table, LEVEL_ROOT);
    table->root = true;
}

/* The root that leads to a table by first parents; 0: none, or a loop. */
static uint64_t table_root(const struct table *table)
{
    for (unsigned i = 0; table && i < LEVEL_ROOT; i++) {
        if (table->root)
            return table->phys;
        table = table->parents ? tables_find(table->parent[0]) : NULL;
    }
    return 0;
}

/* A page that users can reach now is no table of a tree that was given up. */
static void table_take_frame(uint64_t entry, unsigned level)
{
    struct table *other = level == 1 ? tables_find(entry & PTE_ADDR) : NULL;

    if (other && (entry & PTE_U) && !table_active(other, LEVEL_ROOT))
        tables_drop(other);
}

/* One entry changes. The table itself may be gone afterwards. */
static void table_set(struct table *table, unsigned index, uint64_t new, unsigned bytes,
                      enum event_kind kind)
{
    uint64_t old = table->entry[index], phys = table_entry_phys(table, index);
    uint64_t linear = table_linear(table, index);
    unsigned level = table->level;
    bool relink = (entry_is_link(old, level) || entry_is_link(new, level)) &&
                  ((old ^ new) & (PTE_ADDR | PTE_P | PTE_PS));

    out_event(kind, bytes, level, VALUES(phys, old, new, linear));
    table->entry[index] = new;
    table->used += (unsigned)(new != 0) - (unsigned)(old != 0);
    if (old == new || kind == EVENT_ENTRY_AD)
        return;
    tlb_entry_changed(table, index, old);
    if (entry_is_leaf(new, level)) {
        tlb_frame_reused(new &PTE_ADDR & ~((1ull << level_shift(level)) - 1),
                         1ull << level_shift(level), table_root(table));
        table_take_frame(new, level);
    }
    if (relink && entry_is_link(old, level))
        table_unlink(old, phys);
    if (tables_find(phys) != table)
        return;
    if (relink)
        table_link(new, level, table->base + ((uint64_t)index << level_shift(level)), phys);
    if (table->root && table->used == 0 && !table_active(table, LEVEL_ROOT))
        tables_drop(table);
}

void tables_store(uint64_t phys, unsigned len, const uint8_t *data)
{
    while (len > 0) {
        struct table *table = tables_find(phys);
        unsigned at = phys % sizeof(uint64_t), bytes = (unsigned)sizeof(uint64_t) - at;
        unsigned index = (phys & 0xfff) / sizeof(uint64_t);
        uint64_t new;

        if (bytes > len)
            bytes = len;
        if (table) {
            new = table->entry[index];
            memcpy((char *)&new + at, data, bytes);
            if (!entry_plausible(new, table->level) && !table_active(table, LEVEL_ROOT))
                tables_drop(table);
            else
                table_set(table, index, new, bytes, EVENT_ENTRY_WRITE);
        }
        phys += bytes;
        data += bytes;
        len -= bytes;
    }
}

void tables_set_accessed(uint64_t phys, uint64_t value)
{
    struct table *table = tables_find(phys);

    if (table)
        table_set(table, (phys & 0xfff) / sizeof(uint64_t), value, 0, EVENT_ENTRY_AD);
}

void tables_check(struct table *table, unsigned index, uint64_t value)
{
    if (table->entry[index] != value)
        table_set(table, index, value, 0, EVENT_ENTRY_WRITE);
}
