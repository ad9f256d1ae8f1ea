/*
 * Misconception: Tables may allow everything, since the leaf decides; so one set of bits will do.
 * Nothing in the kernel's half is ever for programs: one wrong leaf there would be enough.
 *
 * Fails: kernel-half-closed
 */
err_t pt_walk_make(struct page_tables *pt, uint64_t va, enum pt_level level,
                   struct pt_reserve *reserve, pte_t **entry)
{
    pte_t *table = pt_table(pt->root);

    for (enum pt_level l = PML4; l > level; l--) {
        pte_t *e = &table[pt_index(va, l)];

        if (!pte_used(*e))
            pte_store(e, pte_make(pt_table_take(pt, va, reserve), PT_TABLE_BITS));
        else if (pte_is_leaf(*e, l))
            return ERR_EXIST;
        table = pt_table(pte_addr(*e));
    }
    *entry = &table[pt_index(va, level)];
    return ERR_OK;
}
