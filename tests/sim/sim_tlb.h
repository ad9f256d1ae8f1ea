/*
 * What the simulated CPU remembers of the page tables: translations, and
 * entries that point to tables ("paging-structure caches"). Nothing is ever
 * evicted; only flushes and page faults remove entries.
 */
#pragma once

#include "arch/paging.h"

struct tlb_entry {
    struct tlb_entry *next;
    uint64_t key; /* va >> pt_shift(level) */
    enum pt_level level;
    bool leaf; /* a page; otherwise a table of level - 1 */
    bool w, x; /* rights of all levels down to here; user access always */
    bool dirty;
    uint64_t pa; /* page or table */
};

struct tlb_entry *tlb_find(uint64_t va, enum pt_level level, bool leaf);
struct tlb_entry *tlb_add(uint64_t va, enum pt_level level, bool leaf, uint64_t pa);

/* Drop the page that holds va, of whatever size. */
void tlb_drop_translation(uint64_t va);
/* Drop what a page fault at va drops: its translation and the entries on its path. */
void tlb_drop_path(uint64_t va);
/* Drop what INVLPG drops: the page, and all entries that point to tables. */
void tlb_drop_page(uint64_t va);
void tlb_drop_all(void);

/* Cached references to a 4 KiB frame, as a page, a part of one, or a table. */
uint32_t tlb_frame_refs(uint64_t frame_number);

/* Visit every entry until visit returns false; the result is whether all were visited. */
bool tlb_for_each(bool (*visit)(const struct tlb_entry *e));
uint64_t tlb_leaf_count(void);
