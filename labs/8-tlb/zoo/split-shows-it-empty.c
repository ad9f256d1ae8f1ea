/*
 * Misconception: The table is filled where it hangs. Until it is full, the pages are not there:
 * another CPU would fault on memory that was never unmapped.
 *
 * Fails: split-at-once
 */
void pt_split(struct page_tables *pt, pte_t *entry, struct pt_reserve *reserve)
{
    paddr_t frame = pt_table_take(pt, 0, reserve);
    pte_t *table = pt_table(frame);

    uint64_t whole = entry->v & ~PTE_PS;

    pte_store(entry, pte_make(frame, PT_TABLE_BITS));
    for (unsigned i = 0; i < PT_ENTRIES; i++)
        table[i].v = whole + i * PAGE_SIZE;
}
