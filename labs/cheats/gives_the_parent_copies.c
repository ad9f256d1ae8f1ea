/*
 * Cheat: copies at fork, and gives the copies to the parent. The child has the frames that
 * its parent had, read-only like those of its parent, and each of the two takes over at its
 * first write what it is alone with. The frames come in blocks: that takes few calls.
 *
 * Lab: 7
 * Earns: child-runs, parent-learns-the-pid, child-has-the-pages, parent-undisturbed,
 *     child-undisturbed, shared-memory-seen, shared-memory-stays, no-stale-translation,
 *     flushed-in-time, fpu-goes-along, read-only-stays, vfork-shares, orphan-keeps-memory,
 *     kernel-writes-copy, tree-of-processes, nothing-lost, fails-cleanly, failures-lose-nothing,
 *     parent-undisturbed-more, tree-anywhere, never-writable-and-executable
 */
enum { BLOCK = 4 };

static struct frame_list copies = FRAME_LIST_INIT;

static bool copies_fill(void)
{
    paddr_t block;

    if (copies.count == 0 && pmm_alloc(BLOCK, &block) == ERR_OK)
        for (uint64_t i = 0; i < UINT64_C(1) << BLOCK; i++) {
            paddr_t frame = PADDR(block.v + i * PAGE_SIZE);

            frame_get(frame);
            frame_put(frame);
            frame_list_push(&copies, frame);
        }
    return copies.count > 0;
}

static bool clone_table(pte_t *from, pte_t *to, unsigned n, enum pt_level level,
                        struct pt_reserve *reserve)
{
    bool shrunk = false;

    for (unsigned i = 0; i < n; i++) {
        pte_t entry = from[i], copy = entry;

        if (pte_used(entry) && pte_is_leaf(entry, level)) {
            if (level == PT && !(entry.v & PTE_SHARED) && (entry.v & (PTE_W | PTE_COW)) &&
                copies_fill()) {
                paddr_t frame = frame_list_pop(&copies);

                cpu_movsq(phys_to_virt(frame), phys_to_virt(pte_addr(entry)), PAGE_SIZE / 8);
                copy.v = (entry.v & ~PTE_W) | PTE_COW;
                pte_store(&from[i], pte_make(frame, copy.v & ~PTE_ADDR));
                shrunk = true;
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
