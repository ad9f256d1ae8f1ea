/*
 * Misconception: The entry above keeps its bits, only its address changes. A right that it lacks
 * is lacking for all 512 pages below, whatever their own entries say.
 *
 * Fails: cut-shared, large-returns, cuts
 */
void pt_split(struct page_tables *pt, pte_t *entry, struct pt_reserve *reserve)
{
    paddr_t frame = pt_table_take(pt, 0, reserve);
    pte_t *table = pt_table(frame);

    uint64_t bits = entry->v & (PTE_P | PTE_W | PTE_U | PTE_NX);

    for (unsigned i = 0; i < PT_ENTRIES; i++)
        table[i].v = (entry->v & ~PTE_PS) + i * PAGE_SIZE;
    pte_store(entry, pte_make(frame, bits | PTE_P));
}
