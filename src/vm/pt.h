/*
 * Page tables as a tree of frames: one walker for all levels and page sizes.
 *
 * An entry is empty (zero), points to a table, or is a leaf. A leaf is present,
 * or *kept*: not present, but with PTE_KEPT and the frame's address, so that a
 * page without rights keeps its contents. Tables are never empty, except the
 * root: whoever clears the last entry frees the table.
 *
 *     PTE_P | PTE_W                 writable: this is the frame's only reference,
 *                                   or the page is shared memory
 *     PTE_P | PTE_COW               private and to be written, but not by this
 *                                   entry: a write fault copies or takes over
 *     PTE_P                         read-only (PTE_NX: not executable)
 *     PTE_KEPT                      no rights, resident
 *     any of these with PTE_SHARED  shared memory
 *
 * Entries that point to tables allow everything; the leaf decides (SDM vol. 3A,
 * "Determination of Access Rights": the rights of all levels are combined).
 *
 * Lock: the address space's; the kernel's own tables: LOCK_KSTACK or boot.
 */
#pragma once

#include "arch/mmu.h"
#include "pmm/pmm.h"

#define PT_TABLE_BITS (PTE_P | PTE_W | PTE_U) /* of entries that point to tables, user half */

struct page_tables {
    paddr_t root;    /* (!) the PML4 */
    uint64_t tables; /* (l) tables in the user half, without the root */
};

/* Tables that an operation has reserved, so that it cannot fail later. Zeroed. */
struct pt_reserve {
    struct frame_list tables;
};
#define PT_RESERVE_INIT ((struct pt_reserve){ .tables = FRAME_LIST_INIT })

/* Add n tables. Errors: ERR_NOMEM; the caller still drops the reserve. */
err_t pt_reserve_fill(struct pt_reserve *reserve, uint64_t n);
void pt_reserve_drop(struct pt_reserve *reserve);

static inline bool pte_used(pte_t e)
{
    return e.v != 0;
}

/* The table that an entry points to, or the root's. */
static inline pte_t *pt_table(paddr_t table)
{
    return phys_to_virt(table);
}

/* Replace an entry by one store: the CPU sees the old one or the new one. */
static inline void pte_store(pte_t *entry, pte_t e)
{
    __atomic_store_n(&entry->v, e.v, __ATOMIC_RELEASE);
}

/* log2 of the frames that a leaf at this level maps. */
static inline unsigned pt_leaf_order(enum pt_level level)
{
    return pt_shift(level) - PAGE_SHIFT;
}

/*
 * Walk from the root to the entry that decides about va, as the CPU does: the leaf
 * that maps it, of whatever size, present or kept, or the empty entry where the
 * walk ends. *level: of the table that the entry is in. Makes and changes nothing.
 */
pte_t *pt_lookup(const struct page_tables *pt, uint64_t va, enum pt_level *level);

/*
 * Tables that are missing to map every page of [start, end) by leaves of this level:
 * exactly as many as pt_walk_make() would take if it were called for each page. Where
 * a larger leaf covers a part, count the tables that would be needed without it. start
 * and end are multiples of the leaves' size, start < end, in one half.
 */
uint64_t pt_missing(const struct page_tables *pt, uint64_t start, uint64_t end,
                    enum pt_level level);

/*
 * Find the entry that maps va at the given level, used or not, taking missing
 * tables from the reserve (pt_table_take). Entries that point to tables allow
 * everything that their half may: PT_TABLE_BITS in the user half, the same without
 * PTE_U in the kernel half. Fails with ERR_EXIST if a larger leaf covers va; nothing
 * was made then, since all below a fresh table is empty.
 */
err_t pt_walk_make(struct page_tables *pt, uint64_t va, enum pt_level level,
                   struct pt_reserve *reserve, pte_t **entry);

/* A fresh table that will map va; in the user half it is counted in pt->tables. */
paddr_t pt_table_take(struct page_tables *pt, uint64_t va, struct pt_reserve *reserve);

/* Tables that pt_cut needs for both edges of a range: one if they lie in one 2 MiB leaf. */
unsigned pt_cut_cost(const struct page_tables *pt, uint64_t start, uint64_t end);

/*
 * If a 2 MiB leaf reaches across `at`, replace it by a table of 512 leaves: same
 * frames, same counts.
 */
void pt_cut(struct page_tables *pt, uint64_t at, struct pt_reserve *reserve);

/* The same for the 2 MiB leaf that *entry is. The table is complete before one store shows it. */
void pt_split(struct page_tables *pt, pte_t *entry, struct pt_reserve *reserve);

struct tlb_gather;

/* Visits leaves, present or kept. */
struct pt_visitor {
    bool (*leaf)(struct pt_visitor *self, pte_t *entry, vaddr_t va, enum pt_level level);
    struct tlb_gather *prune; /* tables that became empty go here; or NULL */
    vaddr_t first, last;      /* set by pt_visit: the range, inclusive */
};

/*
 * Call visitor->leaf for every leaf that overlaps [start, end), in order, until
 * it returns false; empty subtrees are skipped. False if it did.
 */
bool pt_visit(struct page_tables *pt, vaddr_t start, vaddr_t end, struct pt_visitor *visitor);
