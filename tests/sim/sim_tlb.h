/*
 * What the simulated CPU remembers of the page tables: translations, and
 * entries that point to tables ("paging-structure caches"). Nothing is ever
 * evicted; only flushes and page faults remove entries.
 *
 * A cached 2 MiB page is kept as 512 fragments, which the architecture lets a
 * CPU do: INVLPG drops all of them while the tables map the address by a
 * 2 MiB page, but only the addressed one after the page was split (SDM vol.
 * 3A, "Caching Translation Information").
 */
#pragma once

#include "arch/paging.h"

struct tlb_entry {
    struct tlb_entry *next;
    uint64_t key;       /* va >> pt_shift(level) */
    enum pt_level level;
    bool leaf;          /* a page; otherwise a table of level - 1 */
    bool w, x;          /* rights of all levels down to here; user access always */
    bool dirty;
    uint64_t pa;        /* page or table */
    uint64_t alive[8];  /* of a 2 MiB page: fragments not flushed */
};

struct tlb_entry *tlb_find(uint64_t va, enum pt_level level, bool leaf);
struct tlb_entry *tlb_add(uint64_t va, enum pt_level level, bool leaf, uint64_t pa);
bool tlb_fragment_alive(const struct tlb_entry *e, uint64_t va);

/* Drop the page that holds va; huge: all fragments of a 2 MiB page. */
void tlb_drop_translation(uint64_t va, bool huge);
/* Drop what a page fault at va drops: its translation and the entries on its path. */
void tlb_drop_path(uint64_t va);
/* Drop what INVLPG drops; huge: do the tables map va by a 2 MiB page now? */
void tlb_drop_page(uint64_t va, bool huge);
void tlb_drop_all(void);

/* Cached references to a 4 KiB frame, as a page, a part of one, or a table. */
uint32_t tlb_frame_refs(uint64_t frame_number);

/* Visit every entry until visit returns false; the result is whether all were visited. */
bool tlb_for_each(bool (*visit)(const struct tlb_entry *e));
uint64_t tlb_leaf_count(void);
