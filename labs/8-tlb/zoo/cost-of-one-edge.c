/*
 * Misconception: A range is one thing, so cutting it takes one table. It has two edges, and they
 * may lie in two large pages.
 *
 * Fails: stacks, cut-two, cut-hidden, cut-shared, large-returns, cuts
 */
unsigned pt_cut_cost(const struct page_tables *pt, uint64_t start, uint64_t end)
{
    return cuts_leaf(pt, start) || cuts_leaf(pt, end);
}
