/*
 * Misconception: Unmapping clears entries of the lowest level. Tables that became empty stay, and
 * a program that walks through its address space fills memory with them.
 *
 * Fails: unmap-tables, full-unmap
 */
struct drop_visitor {
    struct pt_visitor base;
    struct tlb_gather *gather;
};

static bool drop_leaf(struct pt_visitor *self, pte_t *entry, vaddr_t va, enum pt_level level)
{
    struct drop_visitor *v = CONTAINER_OF(self, struct drop_visitor, base);
    pte_t leaf = *entry;

    pte_store(entry, (pte_t){ 0 });
    if (pte_present(leaf))
        tlb_gather_page(v->gather, va);
    tlb_gather_leaf(v->gather, leaf, level);
    return true;
}

void as_drop_pages(struct address_space *as, vaddr_t start, vaddr_t end)
{
    struct tlb_gather gather;
    struct drop_visitor visitor = { .base.leaf = drop_leaf, .gather = &gather };

    tlb_gather_init(&gather, &as->pt);
    pt_visit(&as->pt, start, end, &visitor.base);
    tlb_gather_finish(&gather);
}
