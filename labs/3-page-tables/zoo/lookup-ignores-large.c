/*
 * Misconception: Every walk ends at a PT. An entry of the PD with PS set is a leaf: what it
 * points to is the program's data, not a table.
 *
 * Fails: large-page-split
 */
pte_t *pt_lookup(const struct page_tables *pt, uint64_t va, enum pt_level *level)
{
    pte_t *table = pt_table(pt->root);
    enum pt_level l = PML4;

    for (;; l--) {
        pte_t *entry = &table[pt_index(va, l)];

        if (!pte_used(*entry) || l == PT) {
            *level = l;
            return entry;
        }
        table = pt_table(pte_addr(*entry));
    }
}
