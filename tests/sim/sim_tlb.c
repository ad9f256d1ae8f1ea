/* See sim_tlb.h. A chained hash table, and per frame the number of cached references to it. */
#include "sim_tlb.h"

#include "sim.h"

#include <stdlib.h>

enum { BUCKETS = 1024, FRAMES_MAX = (1 << 30) >> PAGE_SHIFT };

static struct tlb_entry *bucket[BUCKETS];
static uint32_t frame_refs[FRAMES_MAX];
static uint64_t entry_count, leaf_count;

static struct tlb_entry **bucket_of(uint64_t key, enum pt_level level, bool leaf)
{
    uint64_t h = (key * 4 + level) * 2 + leaf;

    return &bucket[(h * UINT64_C(0x9e3779b97f4a7c15) >> 40) % BUCKETS];
}

static void count_refs(const struct tlb_entry *e, int change)
{
    uint64_t first = e->pa >> PAGE_SHIFT;
    uint64_t frames = e->leaf ? pt_span(e->level) >> PAGE_SHIFT : 1;

    for (uint64_t i = 0; i < frames; i++)
        frame_refs[first + i] += (uint32_t)change;
}

struct tlb_entry *tlb_find(uint64_t va, enum pt_level level, bool leaf)
{
    uint64_t key = va >> pt_shift(level);
    struct tlb_entry *e = *bucket_of(key, level, leaf);

    while (e && (e->key != key || e->level != level || e->leaf != leaf))
        e = e->next;
    return e;
}

struct tlb_entry *tlb_add(uint64_t va, enum pt_level level, bool leaf, uint64_t pa)
{
    uint64_t key = va >> pt_shift(level);
    struct tlb_entry **head = bucket_of(key, level, leaf);
    struct tlb_entry *e = calloc(1, sizeof(*e));

    if (!e)
        sim_die("no memory for the simulated TLB");
    *e = (struct tlb_entry){ .next = *head, .key = key, .level = level, .leaf = leaf, .pa = pa };
    *head = e;
    count_refs(e, 1);
    entry_count++;
    leaf_count += leaf;
    return e;
}

static void drop(struct tlb_entry **link)
{
    struct tlb_entry *e = *link;

    count_refs(e, -1);
    *link = e->next;
    entry_count--;
    leaf_count -= e->leaf;
    free(e);
}

static void drop_one(uint64_t va, enum pt_level level, bool leaf)
{
    uint64_t key = va >> pt_shift(level);
    struct tlb_entry **link = bucket_of(key, level, leaf);

    while (*link && ((*link)->key != key || (*link)->level != level || (*link)->leaf != leaf))
        link = &(*link)->next;
    if (*link)
        drop(link);
}

void tlb_drop_translation(uint64_t va)
{
    drop_one(va, PT, true);
    drop_one(va, PD, true);
}

void tlb_drop_path(uint64_t va)
{
    tlb_drop_translation(va);
    for (enum pt_level level = PML4; level > PT; level--)
        drop_one(va, level, false);
}

void tlb_drop_page(uint64_t va)
{
    tlb_drop_translation(va);
    if (entry_count == leaf_count)
        return;
    for (unsigned i = 0; i < BUCKETS; i++)
        for (struct tlb_entry **link = &bucket[i]; *link;)
            if ((*link)->leaf)
                link = &(*link)->next;
            else
                drop(link);
}

void tlb_drop_all(void)
{
    for (unsigned i = 0; entry_count && i < BUCKETS; i++)
        while (bucket[i])
            drop(&bucket[i]);
}

uint32_t tlb_frame_refs(uint64_t frame_number)
{
    return frame_number < FRAMES_MAX ? frame_refs[frame_number] : 0;
}

bool tlb_for_each(bool (*visit)(const struct tlb_entry *e))
{
    for (unsigned i = 0; i < BUCKETS; i++)
        for (const struct tlb_entry *e = bucket[i]; e; e = e->next)
            if (!visit(e))
                return false;
    return true;
}

uint64_t tlb_leaf_count(void)
{
    return leaf_count;
}
