/*
 * Misconception: Tables are the kernel's, so their entries must not have the U bit. The rights of
 * all levels are combined: one level without U takes the page from the program.
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

        if (!pte_used(*e))
            pte_store(e, pte_make(pt_table_take(pt, va, reserve), PTE_P | PTE_W));
        else if (pte_is_leaf(*e, l))
            return ERR_EXIST;
        table = pt_table(pte_addr(*e));
    }
    *entry = &table[pt_index(va, level)];
    return ERR_OK;
}
