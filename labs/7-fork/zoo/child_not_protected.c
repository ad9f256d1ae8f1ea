/*
 * Misconception: copy-on-write is a matter of the parent, which has had the pages
 * first. The child writes into its parent's memory.
 *
 * Fails: parent-undisturbed, shared-read-only, last-owner-keeps,
 * kernel-writes-copy, tree-of-processes, shared-read-only-more,
 * parent-undisturbed-more, tree-anywhere
 */
static bool clone_table(pte_t *from, pte_t *to, unsigned n, enum pt_level level,
                        struct pt_reserve *reserve)
{
    bool shrunk = false;

    for (unsigned i = 0; i < n; i++) {
        pte_t entry = from[i], copy = entry;

        if (pte_used(entry) && pte_is_leaf(entry, level)) {
            copy = clone_leaf(entry, level);
            if (copy.v != entry.v) {
                pte_store(&from[i], copy);
                shrunk = true;
            }
            copy = entry;
        } else if (pte_used(entry)) {
            paddr_t table = frame_list_pop(&reserve->tables);

            frame_set_table(table);
            shrunk |= clone_table(pt_table(pte_addr(entry)), pt_table(table), PT_ENTRIES, level - 1,
                                  reserve);
            copy = pte_make(table, entry.v & ~PTE_ADDR);
        }
        to[i] = copy;
    }
    return shrunk;
}
