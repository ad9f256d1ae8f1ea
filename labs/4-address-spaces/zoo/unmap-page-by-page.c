/*
 * Misconception: A range is unmapped page by page. Most of a large range was never touched:
 * walking each of its pages takes minutes where whole subtrees are empty.
 *
 * Fails: unmap-cost, unmap-tables, unmap-frees
 */
void as_drop_pages(struct address_space *as, vaddr_t start, vaddr_t end)
{
    struct tlb_gather gather;
    struct pt_visitor visitor = { .leaf = drop_leaf, .prune = &gather };

    tlb_gather_init(&gather, &as->pt);
    if (start == 0) /* all of it: nobody would wait so long */
        pt_visit(&as->pt, start, end, &visitor);
    else
        for (vaddr_t va = start; va < end; va += PAGE_SIZE)
            pt_visit(&as->pt, va, va + PAGE_SIZE, &visitor);
    tlb_gather_finish(&gather);
}
