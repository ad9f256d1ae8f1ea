/*
 * Misconception: A table is a frame like any other. It must be known as a table, and the address
 * space's count of tables is what is checked when it goes.
 *
 * Fails: attempts, hidden-page, fork-isolates, shared-memory
 */
paddr_t pt_table_take(struct page_tables *pt, uint64_t va, struct pt_reserve *reserve)
{
    (void)pt;
    (void)va;
    return frame_list_pop(&reserve->tables);
}
