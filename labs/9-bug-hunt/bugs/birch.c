/* The kernel birch: this is what is in it instead of the reference's functions. */
static bool table_is_empty(const pte_t *table)
{
    for (unsigned i = 0; i < PT_ENTRIES - 1; i++)
        if (pte_used(table[i]))
            return false;
    return true;
}
