/*
 * Misconception: The loop ends one page before the end. The last page of each large page that is
 * cut is lost, with its contents.
 *
 * Fails: split-keeps, cuts, shared-returns
 */
void pt_split(struct page_tables *pt, pte_t *entry, struct pt_reserve *reserve)
{
    paddr_t frame = pt_table_take(pt, 0, reserve);
    pte_t *table = pt_table(frame);

    for (unsigned i = 0; i < PT_ENTRIES - 1; i++)
        table[i].v = (entry->v & ~PTE_PS) + i * PAGE_SIZE;
    pte_store(entry, pte_make(frame, PT_TABLE_BITS));
}
