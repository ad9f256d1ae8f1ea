/*
 * The cached translations are a hash table by page, size and address space.
 * Flushes of many do not visit them: each flush has a time, and what was
 * filled before it is invalid.
 */
#include "tlb.h"

#include "machine.h"
#include "setup.h"
#include "weak.h"

#include <stdlib.h>
#include <string.h>

enum { SPACES = 4096, SLOTS_FIRST = 1 << 12 };

struct cached {
    uint64_t va;     /* of the page's first byte */
    uint64_t root;   /* CR3 of the walk */
    uint64_t filled; /* time of the walk; 0: invalid */
    unsigned space;
    bool used, weakened;
    struct translation t;
    uint64_t path[LEVEL_ROOT + 1]; /* entries walked, by level */
};

static struct cached *slots;
static size_t slot_count, slots_used;
static uint64_t now = 1; /* goes on with each flush */
static uint64_t flushed_all, flushed_links, flushed_space[SPACES];
static struct table *last[LEVEL_ROOT + 1];
static struct cached *filled_last;

static struct {
    unsigned level; /* of the entry read last; 0: no walk */
    uint64_t va;
    struct translation t;
    uint64_t path[LEVEL_ROOT + 1];
} walk;

unsigned tlb_space(void)
{
    return machine.cr4 & CR4_PCIDE ? machine.cr3 & CR3_PCID : 0;
}

static bool cached_valid(const struct cached *c)
{
    if (c->filled <= flushed_all)
        return false;
    return c->space == SPACE_GLOBAL || c->filled > flushed_space[c->space];
}

static struct cached *slot_find(uint64_t va, unsigned level, unsigned space)
{
    uint64_t key = (va >> PAGE_BITS) * 0x9e3779b97f4a7c15ull + level * 97 + space * 31;
    size_t i = (key >> 20) & (slot_count - 1);

    while (slots[i].used &&
           (slots[i].va != va || slots[i].t.level != level || slots[i].space != space))
        i = (i + 1) & (slot_count - 1);
    return &slots[i];
}

/* Make room: forget what is invalid, and double if that was not much. */
static void slots_rebuild(void)
{
    struct cached *old = slots;
    size_t count = slot_count, valid = 0;

    for (size_t i = 0; i < count; i++)
        valid += old[i].used && cached_valid(&old[i]);
    slot_count = valid * 4 > SLOTS_FIRST ? count : SLOTS_FIRST;
    while (slot_count < valid * 4)
        slot_count *= 2;
    filled_last = NULL;
    slots = calloc(slot_count, sizeof(*slots));
    if (!slots)
        setup_refuse("out of memory");
    slots_used = valid;
    for (size_t i = 0; i < count; i++)
        if (old[i].used && cached_valid(&old[i]))
            *slot_find(old[i].va, old[i].t.level, old[i].space) = old[i];
    free(old);
}

static struct table *table_at(uint64_t phys, unsigned level)
{
    if (!last[level] || last[level]->phys != (phys & PTE_ADDR))
        last[level] = tables_find(phys);
    return last[level];
}

void tlb_forget_table(const struct table *table)
{
    for (unsigned i = 1; i <= LEVEL_ROOT; i++)
        if (last[i] == table)
            last[i] = NULL;
}

static void walk_complete(void)
{
    uint64_t va = walk.va >> 47 & 1 ? walk.va | 0xffffull << 48 : walk.va;
    unsigned space = walk.t.global ? SPACE_GLOBAL : tlb_space();
    struct cached *c;

    if (slots_used * 2 >= slot_count)
        slots_rebuild();
    c = slot_find(va, walk.t.level, space);
    slots_used += !c->used;
    *c = (struct cached){
        .va = va, .root = machine.cr3, .filled = now, .space = space, .used = true, .t = walk.t
    };
    filled_last = c;
    for (unsigned level = walk.t.level; level <= LEVEL_ROOT; level++) {
        struct table *table = table_at(walk.path[level], level);

        c->path[level] = walk.path[level];
        if (table)
            table->walked = now;
    }
    if (weak_count > 0)
        weak_note_walk(va);
}

void tlb_walk_step(unsigned level, uint64_t phys, uint64_t value)
{
    struct table *table = table_at(phys, level);
    unsigned index = (phys & 0xfff) / sizeof(uint64_t);

    if (table && table->entry[index] != value)
        tables_check(table, index, value);
    if (level == LEVEL_ROOT) {
        walk.va = 0;
        walk.t = TRANSLATION_START;
    } else if (walk.level != level + 1) {
        return;
    }
    walk.level = level;
    walk.va |= (uint64_t)index << level_shift(level);
    walk.path[level] = phys;
    if (translate_step(&walk.t, value, phys, level))
        return;
    walk.level = 0;
    if (walk.t.present)
        walk_complete();
}

void tlb_walk_sets(uint64_t phys, uint64_t value)
{
    if (!filled_last || filled_last->t.entry_phys != phys)
        return;
    filled_last->t.entry = value;
    filled_last->t.dirty = (value & PTE_D) != 0;
}

/* A store changed an entry that this translation came by. */
static void cached_check(struct cached *c)
{
    struct translation t;

    if (!c->used || c->weakened || !cached_valid(c))
        return;
    t = translate(c->space == SPACE_GLOBAL ? machine.cr3 : c->root, c->va);
    if (!translation_is_weaker(&t, &c->t, c->va))
        return;
    c->weakened = true;
    weak_add(&(struct weak){ .va = c->va,
                             .root = c->root,
                             .level = c->t.level,
                             .space = c->space,
                             .old = c->t,
                             .entry = c->t.entry,
                             .entry_phys = c->t.entry_phys });
}

static void cached_check_all(uint64_t entry_phys, unsigned level)
{
    for (size_t i = 0; i < slot_count; i++)
        if (slots[i].used && slots[i].path[level] == entry_phys)
            cached_check(&slots[i]);
}

static void leaf_changed(const struct table *table, unsigned index)
{
    uint64_t va = table_linear(table, index);
    unsigned level = table->level;

    if (table->aliased || (machine.cr4 & CR4_PCIDE)) {
        cached_check_all(table->phys + index * sizeof(uint64_t), level);
        return;
    }
    cached_check(slot_find(va, level, 0));
    cached_check(slot_find(va, level, SPACE_GLOBAL));
}

/* The rights of the levels above an entry, for what a CPU has cached of it. */
static struct translation link_rights(uint64_t va, unsigned level)
{
    struct translation t = TRANSLATION_START;
    uint64_t table = machine.cr3;

    for (unsigned l = LEVEL_ROOT; l > level; l--) {
        const struct table *known = tables_find(table & PTE_ADDR);
        unsigned index = va >> level_shift(l) & 511;

        if (!known || !translate_step(&t, known->entry[index], 0, l))
            break;
        table = known->entry[index];
    }
    return t;
}

static void link_changed(const struct table *table, unsigned index, uint64_t old)
{
    const struct table *child = tables_find(old & PTE_ADDR);
    uint64_t new = table->entry[index], va = table_linear(table, index);
    uint64_t phys = table->phys + index * sizeof(uint64_t);
    bool moved = !entry_is_link(new, table->level) || ((old ^ new) & PTE_ADDR);

    if (!child || child->walked <= flushed_all || table->walked <= flushed_all)
        return;
    cached_check_all(phys, table->level);
    /* Through this very entry: another parent's walks may have come to the child, too. */
    if (table->walked > flushed_links && child->walked > flushed_links &&
        (moved || (old & ~new &(PTE_W | PTE_U))))
        weak_add(&(struct weak){ .va = va,
                                 .root = machine.cr3,
                                 .level = table->level,
                                 .space = tlb_space(),
                                 .link = true,
                                 .old = link_rights(va, table->level),
                                 .entry = old,
                                 .entry_phys = phys });
}

void tlb_entry_changed(struct table *table, unsigned index, uint64_t old)
{
    uint64_t new = table->entry[index];

    if (!slots || !(old & PTE_P))
        return;
    /* More rights need no flush, nor do bits that no translation holds. */
    if (!(old & ~new &(PTE_P | PTE_W | PTE_U)) && !(~old & new &PTE_NX) &&
        !((old ^ new) & (PTE_ADDR | (table->level > 1 ? PTE_PS : 0))))
        return;
    if (entry_is_leaf(old, table->level))
        leaf_changed(table, index);
    else if (entry_is_link(old, table->level))
        link_changed(table, index, old);
}

void tlb_frame_reused(uint64_t phys, uint64_t bytes, uint64_t root)
{
    if (weak_count > 0)
        weak_note_reuse(phys, bytes, root);
}

static bool weak_any(const struct weak *weak, const void *arg)
{
    (void)weak;
    (void)arg;
    return true;
}

static bool weak_not_global(const struct weak *weak, const void *arg)
{
    (void)arg;
    return weak->space != SPACE_GLOBAL;
}

static bool weak_in_space(const struct weak *weak, const void *arg)
{
    return weak->space == *(const unsigned *)arg;
}

void tlb_flush_all(void)
{
    flushed_all = flushed_links = now++;
    weak_drop(weak_any, NULL);
}

void tlb_flush_space(uint64_t pcid)
{
    unsigned space = pcid & CR3_PCID;

    flushed_space[space] = flushed_links = now++;
    weak_drop(weak_in_space, &space);
}

void tlb_flush_not_global(void)
{
    for (unsigned i = 0; i < SPACES; i++)
        flushed_space[i] = now;
    flushed_links = now++;
    weak_drop(weak_not_global, NULL);
}

struct page_flush {
    uint64_t va;
    unsigned space;
    bool global, links;
};

static bool weak_in_page(const struct weak *weak, const void *arg)
{
    const struct page_flush *flush = arg;
    bool inside = (weak->va ^ flush->va) >> level_shift(weak->level) == 0;

    if (weak->link)
        return weak->space == flush->space && (flush->links || inside);
    return inside &&
           (weak->space == flush->space || (flush->global && weak->space == SPACE_GLOBAL));
}

static void page_drop(const struct page_flush *flush)
{
    for (unsigned level = 1; slots && level < LEVEL_ROOT; level++) {
        uint64_t va = flush->va & ~((1ull << level_shift(level)) - 1);

        slot_find(va, level, flush->space)->filled = 0;
        if (flush->global)
            slot_find(va, level, SPACE_GLOBAL)->filled = 0;
    }
    weak_drop_page(flush->va, flush->links, weak_in_page, flush);
}

void tlb_flush_page(uint64_t va, uint64_t pcid, bool global)
{
    flushed_links = now++;
    page_drop(&(struct page_flush){ va, pcid & CR3_PCID, global, true });
}

void tlb_drop_page(uint64_t va)
{
    page_drop(&(struct page_flush){ va, tlb_space(), true, false });
}
