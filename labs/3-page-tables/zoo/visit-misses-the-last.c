/*
 * Misconception: Ranges are half open, so the loop ends before the last index. The visitor's range
 * is inclusive: the last page of each unmapping stays.
 *
 * Fails: unmapped-gone, kept-page, tables-freed, read-only-page, executable-page, hidden-page,
 *        fork-isolates, shared-memory, moved-tables
 */
static bool visit_table(pte_t *table, enum pt_level level, vaddr_t base, struct pt_visitor *visitor)
{
    vaddr_t first = max_u64(base, visitor->first);
    vaddr_t last = min_u64(base + (pt_span(level + 1) - 1), visitor->last);
    unsigned last_index = pt_index(last, level);

    for (unsigned i = pt_index(first, level); i < last_index || (level > PT && i == last_index);
         i++)
        if (pte_used(table[i]) &&
            !visit_entry(&table[i], level, base + i * pt_span(level), visitor))
            return false;
    return true;
}
