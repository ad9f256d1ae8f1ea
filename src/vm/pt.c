/* Page tables: see pt.h. Start reading at pt_lookup, the walker. */
#include "vm/pt.h"

#include "lib/panic.h"
#include "vm/tlb.h"

err_t pt_reserve_fill(struct pt_reserve *reserve, uint64_t n)
{
    for (; n > 0; n--) {
        paddr_t table;
        err_t err = pmm_alloc_zeroed(0, &table);

        if (err != ERR_OK)
            return err;
        frame_list_push(&reserve->tables, table);
    }
    return ERR_OK;
}

void pt_reserve_drop(struct pt_reserve *reserve)
{
    while (reserve->tables.count)
        pmm_free(frame_list_pop(&reserve->tables), 0);
}

paddr_t pt_table_take(struct page_tables *pt, uint64_t va, struct pt_reserve *reserve)
{
    paddr_t table = frame_list_pop(&reserve->tables);

    frame_set_table(table);
    if (!va_is_kernel(va))
        pt->tables++;
    return table;
}

pte_t *pt_lookup(const struct page_tables *pt, uint64_t va, enum pt_level *level)
{
    pte_t *table = pt_table(pt->root);
    enum pt_level l = PML4;

    for (;; l--) {
        pte_t *entry = &table[pt_index(va, l)];

        if (!pte_used(*entry) || pte_is_leaf(*entry, l)) {
            *level = l;
            return entry;
        }
        table = pt_table(pte_addr(*entry));
    }
}

/* End of what the entry for va covers at a level, at most end; also where that is the top. */
static uint64_t span_end(uint64_t va, uint64_t end, enum pt_level level)
{
    return min_u64(va | (pt_span(level) - 1), end - 1) + 1;
}

uint64_t pt_missing(const struct page_tables *pt, uint64_t start, uint64_t end, enum pt_level level)
{
    uint64_t missing = 0, next;

    for (uint64_t va = start; va < end; va = next) {
        enum pt_level stop;

        pt_lookup(pt, va, &stop);
        if (stop <= level) { /* the table is there: on to the next one */
            next = span_end(va, end, level + 1);
            continue;
        }
        next = span_end(va, end, stop);
        for (enum pt_level l = level; l < stop; l++)
            missing += (align_up(next, pt_span(l + 1)) - align_down(va, pt_span(l + 1))) >>
                       pt_shift(l + 1);
    }
    return missing;
}

err_t pt_walk_make(struct page_tables *pt, uint64_t va, enum pt_level level,
                   struct pt_reserve *reserve, pte_t **entry)
{
    pte_t *table = pt_table(pt->root);

    for (enum pt_level l = PML4; l > level; l--) {
        pte_t *e = &table[pt_index(va, l)];

        if (!pte_used(*e)) {
            uint64_t bits = va_is_kernel(va) ? PTE_P | PTE_W : PT_TABLE_BITS;

            pte_store(e, pte_make(pt_table_take(pt, va, reserve), bits));
        } else if (pte_is_leaf(*e, l)) {
            return ERR_EXIST;
        }
        table = pt_table(pte_addr(*e));
    }
    *entry = &table[pt_index(va, level)];
    return ERR_OK;
}

/* Is none of the entries used? */
static bool table_is_empty(const pte_t *table)
{
    for (unsigned i = 0; i < PT_ENTRIES; i++)
        if (pte_used(table[i]))
            return false;
    return true;
}

static bool visit_table(pte_t *table, enum pt_level level, vaddr_t base,
                        struct pt_visitor *visitor);

/*
 * The part of pt_visit below one used entry, which maps from va on: a leaf is the
 * visitor's, a table is visited. A table that is empty afterwards goes, with the
 * address it mapped from, to visitor->prune (tlb_gather_table) if there is one, and
 * its entry is cleared. False if the visitor said so.
 */
static bool visit_entry(pte_t *entry, enum pt_level level, vaddr_t va, struct pt_visitor *visitor)
{
    pte_t *child;
    bool go_on;

    if (pte_is_leaf(*entry, level))
        return visitor->leaf(visitor, entry, va, level);
    child = pt_table(pte_addr(*entry));
    go_on = visit_table(child, level - 1, va, visitor);
    if (visitor->prune && table_is_empty(child)) {
        tlb_gather_table(visitor->prune, pte_addr(*entry), va);
        pte_store(entry, (pte_t){ 0 });
    }
    return go_on;
}

/*
 * The part below one table, which maps from base on: visit_entry() for each used entry
 * that overlaps visitor->first to visitor->last, inclusive, in order, until one says
 * false. Most entries are empty: skip them fast. False if one said so.
 */
static bool visit_table(pte_t *table, enum pt_level level, vaddr_t base, struct pt_visitor *visitor)
{
    vaddr_t first = max_u64(base, visitor->first);
    vaddr_t last = min_u64(base + (pt_span(level + 1) - 1), visitor->last);
    unsigned last_index = pt_index(last, level);

    for (unsigned i = pt_index(first, level); i <= last_index; i++)
        if (pte_used(table[i]) &&
            !visit_entry(&table[i], level, base + i * pt_span(level), visitor))
            return false;
    return true;
}

bool pt_visit(struct page_tables *pt, vaddr_t start, vaddr_t end, struct pt_visitor *visitor)
{
    visitor->first = start;
    visitor->last = end - 1;
    return visit_table(pt_table(pt->root), PML4, align_down(start, pt_span(PML4 + 1)), visitor);
}
