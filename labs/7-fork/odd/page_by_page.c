/*
 * Different: the child's tables are not copied as a tree: every resident page of
 * the parent is visited, and mapped in the child by a walk that makes what tables
 * are missing. The parent is flushed page by page.
 *
 * Flags: -O0
 */
/* Where a visitor for pt_visit has its child. */
struct clone_visitor {
    struct pt_visitor visitor;
    struct address_space *child;
    struct pt_reserve *reserve;
    struct tlb_gather *gather;
};

static bool clone_page(struct pt_visitor *self, pte_t *entry, vaddr_t va, enum pt_level level)
{
    struct clone_visitor *clone = CONTAINER_OF(self, struct clone_visitor, visitor);
    pte_t old = *entry, both = old;
    pte_t *to;
    unsigned frames = 1u << pt_leaf_order(level);

    if ((old.v & PTE_W) && !(old.v & PTE_SHARED))
        both.v = (old.v | PTE_COW) & ~PTE_W;
    for (unsigned i = 0; i < frames; i++)
        frame_get(PADDR(pte_addr(old).v + i * PAGE_SIZE));
    if (pt_walk_make(&clone->child->pt, va, level, clone->reserve, &to) != ERR_OK)
        panic("the child's tables are empty, and all tables are reserved");
    pte_store(to, both);
    if (both.v != old.v) {
        pte_store(entry, both);
        tlb_gather_page(clone->gather, va);
    }
    return true;
}

err_t as_clone_cow(struct address_space *as, struct address_space **out)
{
    struct as_reserve reserve = AS_RESERVE_INIT;
    struct address_space *child;
    struct tlb_gather gather;
    struct clone_visitor clone = { .visitor.leaf = clone_page,
                                   .reserve = &reserve.tables,
                                   .gather = &gather };
    err_t err;

    (void)clone_table;
    (void)reserve_tables;
    (void)clone_commit;
    if (as->is_kernel)
        return ERR_PERM;
    err = as_new_user(&child);
    if (err != ERR_OK)
        return err;
    spin_lock(&as->lock);
    err = vma_pool_fill(&reserve.nodes, as->vmas.count);
    if (err == ERR_OK)
        err = pt_reserve_fill(&reserve.tables, as->pt.tables);
    if (err == ERR_OK) {
        clone.child = child;
        vma_copy(&child->vmas, &as->vmas, &reserve.nodes);
        tlb_gather_init(&gather, &as->pt);
        pt_visit(&as->pt, 0, USER_MAX, &clone.visitor);
        tlb_gather_finish(&gather);
    }
    as_reserve_drop(&reserve);
    spin_unlock(&as->lock);
    if (err != ERR_OK) {
        as_put(child);
        return err;
    }
    *out = child;
    return ERR_OK;
}
