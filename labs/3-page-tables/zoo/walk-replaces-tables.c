/*
 * Misconception: A new mapping needs its own tables. The table that is already there maps the
 * neighbours: replacing it loses them all.
 *
 * Fails: pages-written, writable-page, read-only-page, executable-page, attempts, hidden-page,
 *        fork-isolates, shared-memory, moved-written, moved-boundary, whole-run
 */
err_t pt_walk_make(struct page_tables *pt, uint64_t va, enum pt_level level,
                   struct pt_reserve *reserve, pte_t **entry)
{
    pte_t *table = pt_table(pt->root);

    for (enum pt_level l = PML4; l > level; l--) {
        pte_t *e = &table[pt_index(va, l)];

        if (!pte_used(*e) || reserve->tables.count > 0) {
            uint64_t bits = va_is_kernel(va) ? PTE_P | PTE_W : PT_TABLE_BITS;

            pte_store(e, pte_make(pt_table_take(pt, va, reserve), bits));
        }
        table = pt_table(pte_addr(*e));
    }
    *entry = &table[pt_index(va, level)];
    return ERR_OK;
}
