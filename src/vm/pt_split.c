/*
 * Large pages in parts: a 2 MiB leaf becomes a table of 512 leaves.
 *
 *     before    PD entry: P W U PS ------------------> block of 512 frames
 *
 *     after     PD entry: P W U ---> PT  entry 0 ----> frame 0 of the block
 *                                        entry 1 ----> frame 1
 *                                        ...
 *                                        entry 511 --> frame 511
 *
 * Every address means the same frame with the same rights before and after, so
 * the TLB may keep what it knows of the large page until one of the small ones
 * changes. Frames keep their counts: the leaf held one reference on each.
 */
#include "vm/pt.h"

static bool cuts_leaf(const struct page_tables *pt, uint64_t at)
{
    enum pt_level level;

    return !is_aligned(at, HUGE_SIZE) && pte_used(*pt_lookup(pt, at, &level)) && level == PD;
}

unsigned pt_cut_cost(const struct page_tables *pt, uint64_t start, uint64_t end)
{
    unsigned cost = cuts_leaf(pt, start);

    if (align_down(start, HUGE_SIZE) != align_down(end, HUGE_SIZE) || cost == 0)
        cost += cuts_leaf(pt, end);
    return cost;
}

void pt_split(struct page_tables *pt, pte_t *entry, struct pt_reserve *reserve)
{
    paddr_t frame = pt_table_take(pt, 0, reserve);
    pte_t *table = pt_table(frame);

    for (unsigned i = 0; i < PT_ENTRIES; i++)
        table[i].v = (entry->v & ~PTE_PS) + i * PAGE_SIZE;
    pte_store(entry, pte_make(frame, PT_TABLE_BITS));
}

void pt_cut(struct page_tables *pt, uint64_t at, struct pt_reserve *reserve)
{
    enum pt_level level;

    if (cuts_leaf(pt, at))
        pt_split(pt, pt_lookup(pt, at, &level), reserve);
}
