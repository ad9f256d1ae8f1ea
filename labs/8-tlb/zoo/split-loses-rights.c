/*
 * Misconception: Each part is made anew, readable and writable. What was read-only, hidden, shared
 * or copy-on-write as a whole must be so in parts.
 *
 * Fails: split-at-once, cut-shared, cuts
 */
void pt_split(struct page_tables *pt, pte_t *entry, struct pt_reserve *reserve)
{
    paddr_t frame = pt_table_take(pt, 0, reserve);
    pte_t *table = pt_table(frame);

    for (unsigned i = 0; i < PT_ENTRIES; i++)
        table[i] =
            pte_make(PADDR(pte_addr(*entry).v + i * PAGE_SIZE), PTE_P | PTE_W | PTE_U | PTE_NX);
    pte_store(entry, pte_make(frame, PT_TABLE_BITS));
}
