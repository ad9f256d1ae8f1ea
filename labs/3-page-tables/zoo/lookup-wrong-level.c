/*
 * Misconception: The level is how many tables were walked. It is the level of the table that the
 * entry is in: an empty PDPT entry is not an empty page.
 *
 * Fails: pages-written, writable-page, read-only-page, executable-page, attempts, hidden-page,
 *        fork-isolates, shared-memory, moved-written, moved-boundary, whole-run
 */
pte_t *pt_lookup(const struct page_tables *pt, uint64_t va, enum pt_level *level)
{
    pte_t *table = pt_table(pt->root);
    enum pt_level l = PML4;

    for (;; l--) {
        pte_t *entry = &table[pt_index(va, l)];

        if (!pte_used(*entry) || pte_is_leaf(*entry, l)) {
            *level = (enum pt_level)(PML4 + 1 - l);
            return entry;
        }
        table = pt_table(pte_addr(*entry));
    }
}
