/*
 * Misconception: a child has memory of its own and may write to it. What the
 * program has forbidden itself, its own code among it, stays forbidden in the
 * child.
 *
 * Fails: shared-read-only, read-only-stays, shared-read-only-more,
 * never-writable-and-executable
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
            if (!(copy.v & (PTE_COW | PTE_SHARED)))
                copy.v |= PTE_W;
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
