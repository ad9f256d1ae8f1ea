/*
 * Misconception: The parts of a large page are copies of its entry. Each maps its own 4 KiB of the
 * block, not all of them the first.
 *
 * Fails: stacks, split-keeps, cuts, shared-let-go, shared-returns
 */
void pt_split(struct page_tables *pt, pte_t *entry, struct pt_reserve *reserve)
{
    paddr_t frame = pt_table_take(pt, 0, reserve);
    pte_t *table = pt_table(frame);

    for (unsigned i = 0; i < PT_ENTRIES; i++)
        table[i].v = entry->v & ~PTE_PS;
    pte_store(entry, pte_make(frame, PT_TABLE_BITS));
}
