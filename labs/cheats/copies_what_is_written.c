/*
 * Cheat: copies every page that may be written, so that nothing is ever shared but what
 * nobody may write. The text is: it stands in for the pages that should be.
 *
 * Lab: 7
 * Earns: child-runs, parent-learns-the-pid, child-has-the-pages, parent-undisturbed,
 *     child-undisturbed, shared-memory-seen, shared-memory-stays, no-stale-translation,
 *     flushed-in-time, fpu-goes-along, read-only-stays, vfork-shares, orphan-keeps-memory,
 *     kernel-writes-copy, tree-of-processes, nothing-lost, fails-cleanly, failures-lose-nothing,
 *     parent-undisturbed-more, tree-anywhere, never-writable-and-executable
 */
static pte_t clone_leaf(pte_t leaf, enum pt_level level)
{
    unsigned order = pt_leaf_order(level);
    paddr_t copy;

    if ((leaf.v & (PTE_W | PTE_SHARED)) == PTE_W && pmm_alloc(order, &copy) == ERR_OK) {
        cpu_movsq(phys_to_virt(copy), phys_to_virt(pte_addr(leaf)), (PAGE_SIZE << order) / 8);
        return pte_make(copy, leaf.v & ~PTE_ADDR);
    }
    frame_get_block(pte_addr(leaf), order);
    return leaf;
}

static bool clone_table(pte_t *from, pte_t *to, unsigned n, enum pt_level level,
                        struct pt_reserve *reserve)
{
    for (unsigned i = 0; i < n; i++) {
        to[i] = from[i];
        if (pte_used(from[i]) && pte_is_leaf(from[i], level)) {
            to[i] = clone_leaf(from[i], level);
        } else if (pte_used(from[i])) {
            paddr_t table = frame_list_pop(&reserve->tables);

            frame_set_table(table);
            clone_table(pt_table(pte_addr(from[i])), pt_table(table), PT_ENTRIES, level - 1,
                        reserve);
            to[i] = pte_make(table, from[i].v & ~PTE_ADDR);
        }
    }
    return false;
}
