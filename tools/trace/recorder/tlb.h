/*
 * A TLB that forgets nothing until it is told: what the CPU may still have
 * cached (Intel SDM vol. 3A, "Caching Translation Information"). An emulator's
 * own small TLB forgets entries by accident, and hides missing flushes.
 *
 * A translation is cached from the walk that the CPU made for it until a
 * flush covers it: INVLPG of its page, INVPCID, a CR3 load (not for global
 * pages), a change of CR4 or CR0 that flushes, or a fault on the page. Bochs
 * walks at the first use after each flush, so no use is missed. Entries that
 * link tables are cached too, until any INVLPG or a CR3 load.
 *
 * When a store takes rights from a cached translation, or moves or ends it,
 * it goes to the list of weakened ones in weak.h, and only while that is not
 * empty is every access looked at.
 */
#pragma once

#include "tables.h"
#include "translate.h"

/* The CPU's walk reads an entry. */
void tlb_walk_step(unsigned level, uint64_t phys, uint64_t value);

/* The walk has set bits in an entry: a translation is cached as it is then. */
void tlb_walk_sets(uint64_t phys, uint64_t value);

/* table->entry[index] has just changed from old. */
void tlb_entry_changed(struct table *table, unsigned index, uint64_t old);

/* The table goes away. */
void tlb_forget_table(const struct table *table);

/* [phys, phys + bytes) is mapped in the address space of root now; 0: has become a table. */
void tlb_frame_reused(uint64_t phys, uint64_t bytes, uint64_t root);

/* Flushes, by what the CPU executed; `machine` is as after it. */
void tlb_flush_all(void);
void tlb_flush_space(uint64_t pcid);
void tlb_flush_not_global(void);
void tlb_flush_page(uint64_t va, uint64_t pcid, bool global);

/* A page fault drops what is cached for its page. */
void tlb_drop_page(uint64_t va);

/* Number of the address space that the CPU is in: 0 without PCIDs. */
unsigned tlb_space(void);
