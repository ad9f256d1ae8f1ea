/*
 * Different: the lookup tries each level from the root again; tables are counted level by level,
 * by a lookup for each span; a visit goes over the whole table and asks of each entry whether it
 * overlaps.
 *
 * Flags: -O0
 */
pte_t *pt_lookup(const struct page_tables *pt, uint64_t va, enum pt_level *level)
{
    for (enum pt_level stop = PML4; stop >= PT; stop--) {
        pte_t *table = pt_table(pt->root);

        for (enum pt_level l = PML4; l > stop; l--)
            table = pt_table(pte_addr(table[pt_index(va, l)]));
        *level = stop;
        if (!pte_used(table[pt_index(va, stop)]) || pte_is_leaf(table[pt_index(va, stop)], stop))
            return &table[pt_index(va, stop)];
    }
    panic("a walk without an end");
}

uint64_t pt_missing(const struct page_tables *pt, uint64_t start, uint64_t end, enum pt_level level)
{
    uint64_t missing = 0;

    /* A table at level l is needed once for each span of l + 1 that the range touches. */
    for (enum pt_level l = level; l < PML4; l++)
        for (uint64_t i = start >> pt_shift(l + 1); i <= (end - 1) >> pt_shift(l + 1); i++) {
            enum pt_level stop;

            pt_lookup(pt, max_u64(i << pt_shift(l + 1), start), &stop);
            missing += stop > l;
        }
    return missing;
}

static bool visit_table(pte_t *table, enum pt_level level, vaddr_t base, struct pt_visitor *visitor)
{
    for (unsigned i = 0; i < PT_ENTRIES; i++) {
        vaddr_t from = base + i * pt_span(level), to = from + (pt_span(level) - 1);

        if (table[i].v == 0 || to < visitor->first || from > visitor->last)
            continue;
        if (!visit_entry(&table[i], level, from, visitor))
            return false;
    }
    return true;
}
