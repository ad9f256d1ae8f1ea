/*
 * Misconception: An empty table does no harm, and may be needed again. A program that wanders
 * through its address space then keeps a table for every place it has been.
 *
 * Fails: tables-freed, moved-tables
 */
static bool visit_entry(pte_t *entry, enum pt_level level, vaddr_t va, struct pt_visitor *visitor)
{
    if (pte_is_leaf(*entry, level))
        return visitor->leaf(visitor, entry, va, level);
    return visit_table(pt_table(pte_addr(*entry)), level - 1, va, visitor);
}
