/*
 * Misconception: What is in a table below the range belongs to the range. A table maps 2 MiB;
 * the range may be one page of it.
 *
 * Fails: pages-written, writable-page, read-only-page, attempts, hidden-page, fork-isolates,
 *        shared-memory, moved-written
 */
static bool visit_table(pte_t *table, enum pt_level level, vaddr_t base, struct pt_visitor *visitor)
{
    unsigned first = level > PT ? pt_index(max_u64(base, visitor->first), level) : 0;
    vaddr_t end = min_u64(base + (pt_span(level + 1) - 1), visitor->last);
    unsigned last = level > PT ? pt_index(end, level) : PT_ENTRIES - 1;

    for (unsigned i = first; i <= last; i++)
        if (pte_used(table[i]) &&
            !visit_entry(&table[i], level, base + i * pt_span(level), visitor))
            return false;
    return true;
}
