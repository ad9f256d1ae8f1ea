/*
 * Misconception: An entry that is not present is empty. A page without rights is not present
 * either, but holds its frame: dropping its table drops the program's data.
 *
 * Fails: neighbours-survive, kept-value, moved-written
 */
static bool table_is_empty(const pte_t *table)
{
    for (unsigned i = 0; i < PT_ENTRIES; i++)
        if (pte_present(table[i]))
            return false;
    return true;
}
