/*
 * Misconception: Two edges, two tables: better too many than too few. What is not needed must
 * still be had, and fails where nothing need be allocated.
 *
 * Fails: cuts
 */
unsigned pt_cut_cost(const struct page_tables *pt, uint64_t start, uint64_t end)
{
    (void)pt;
    (void)start;
    (void)end;
    return 2;
}
