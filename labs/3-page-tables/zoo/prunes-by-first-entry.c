/*
 * Misconception: Tables fill from the front, so an empty first entry means an empty table.
 * Mappings lie anywhere: the table's other pages are lost with it.
 *
 * Fails: pages-written, hidden-page, fork-isolates, shared-memory, moved-written
 * Perhaps: attempts
 */
static bool table_is_empty(const pte_t *table)
{
    return !pte_used(table[0]);
}
