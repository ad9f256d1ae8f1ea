/*
 * Misconception: What the first page of a range lacks is what the range lacks. A range that
 * crosses a table's boundary needs the next table, too.
 *
 * Fails: boundary-crossed
 */
uint64_t pt_missing(const struct page_tables *pt, uint64_t start, uint64_t end, enum pt_level level)
{
    enum pt_level stop;

    (void)end;
    pt_lookup(pt, start, &stop);
    return stop > level ? stop - level : 0;
}
