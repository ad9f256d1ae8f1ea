/*
 * Misconception: The table is empty, so its frame can be freed at once. The CPU may have cached
 * the way through it; until that is flushed, whatever the frame holds next is walked as a table.
 *
 * Fails: flush-before-reuse
 */
static bool visit_entry(pte_t *entry, enum pt_level level, vaddr_t va, struct pt_visitor *visitor)
{
    pte_t *child;
    bool go_on;

    if (pte_is_leaf(*entry, level))
        return visitor->leaf(visitor, entry, va, level);
    child = pt_table(pte_addr(*entry));
    go_on = visit_table(child, level - 1, va, visitor);
    if (visitor->prune && table_is_empty(child)) {
        paddr_t frame = pte_addr(*entry);

        pte_store(entry, (pte_t){ 0 });
        visitor->prune->pt->tables--;
        pmm_free(frame, 0);
    }
    return go_on;
}
