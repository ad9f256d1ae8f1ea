/*
 * Misconception: a fork makes a copy of memory. It does, in the end, of those pages
 * that somebody writes to; most children write to few.
 *
 * Fails: frames-shared, shared-read-only, copied-once, last-owner-keeps,
 * shared-read-only-more
 */
static bool clone_table(pte_t *from, pte_t *to, unsigned n, enum pt_level level,
                        struct pt_reserve *reserve)
{
    bool shrunk = false;

    for (unsigned i = 0; i < n; i++) {
        pte_t entry = from[i], copy = entry;
        paddr_t frame;

        if (pte_used(entry) && pte_is_leaf(entry, level)) {
            if ((entry.v & (PTE_W | PTE_SHARED)) == PTE_W && level == PT &&
                pmm_alloc(0, &frame) == ERR_OK) {
                cpu_movsq(phys_to_virt(frame), phys_to_virt(pte_addr(entry)), PAGE_SIZE / 8);
                copy = pte_make(frame, entry.v & ~PTE_ADDR);
            } else {
                copy = clone_leaf(entry, level);
                if (copy.v != entry.v) {
                    pte_store(&from[i], copy);
                    shrunk = true;
                }
            }
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
