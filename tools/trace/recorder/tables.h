/*
 * The live page tables of the guest, each with a copy of its entries.
 *
 *     CR3 loaded -> root --entry--> table --entry--> table --entry--> page table
 *
 * A page is a table while a root refers to it, directly or through others; a
 * root is a table from its first CR3 load until it is used for something else.
 * Copies change by the stores that the CPU tells of, before the store is done.
 *
 * A table may have several parents (a kernel half shared by all address
 * spaces), and its first parent says which linear addresses it maps. A page
 * that is a table at two levels (a recursive map) is kept with its first.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define PTE_P    0x1ull
#define PTE_W    0x2ull
#define PTE_U    0x4ull
#define PTE_D    0x40ull
#define PTE_PS   0x80ull
#define PTE_G    0x100ull
#define PTE_NX   (1ull << 63)
#define PTE_ADDR 0x000ffffffffff000ull

enum { PAGE_BITS = 12, TABLE_ENTRIES = 512, LEVEL_ROOT = 4, PHYS_BITS = 40 };

struct table {
    uint64_t phys;
    uint64_t base;   /* first linear address that it maps, by its first parent */
    unsigned level;  /* 1 PT to 4 PML4 */
    bool root;       /* CR3 has held it */
    bool aliased;    /* maps other addresses, too, or is used at another level */
    uint64_t walked; /* when the CPU last walked through it: tlb.c's clock */
    unsigned used;   /* entries that are not zero */
    unsigned parents, parents_room;
    uint64_t *parent; /* physical addresses of the entries that refer to it */
    struct table *next;
    uint64_t entry[TABLE_ENTRIES];
};

/* For each physical page, is it a live table? Only touched pages of this take memory. */
extern uint8_t *tables_flag;

static inline bool tables_covers(uint64_t phys)
{
    return phys >> PHYS_BITS == 0 && tables_flag[phys >> PAGE_BITS];
}

void tables_init(void);

/* Live table at this page, or NULL. */
struct table *tables_find(uint64_t phys);

/* It is no table any more, nor what only it referred to. */
void tables_drop(struct table *table);

/* CR3 holds this root now: find all tables below it that are not known. */
void tables_load_root(uint64_t cr3);

/* Bytes are about to be stored to (a part of) a page that tables_covers. */
void tables_store(uint64_t phys, unsigned len, const uint8_t *data);

/* The CPU's page walk sets bits in an entry. */
void tables_set_accessed(uint64_t phys, uint64_t value);

/* The CPU's page walk has read an entry; repairs a copy that missed a store. */
void tables_check(struct table *table, unsigned index, uint64_t value);

/* Does an entry at this level refer to a table; to a page? */
static inline bool entry_is_leaf(uint64_t entry, unsigned level)
{
    return (entry & PTE_P) && (level == 1 || (level < LEVEL_ROOT && (entry & PTE_PS)));
}

static inline bool entry_is_link(uint64_t entry, unsigned level)
{
    return (entry & PTE_P) && level > 1 && !(level < LEVEL_ROOT && (entry & PTE_PS));
}

/* Bits of a linear address below what one entry at this level maps. */
static inline unsigned level_shift(unsigned level)
{
    return PAGE_BITS + 9 * (level - 1);
}

/* First linear address that an entry maps, in canonical form. */
uint64_t table_linear(const struct table *table, unsigned index);
