/*
 * Different: Each page is unmapped and protected by a walk and, where it was present, a flush of
 * its own, before the next one is looked at; empty subtrees are stepped over by the level at which
 * the walk ends.
 *
 * Flags: -O3
 */
/* One leaf at a time: clear, flush, free. Tables go with the last one below them. */
void as_drop_pages(struct address_space *as, vaddr_t start, vaddr_t end)
{
    struct pt_visitor visitor = { .leaf = drop_leaf };
    enum pt_level level;

    for (vaddr_t va = start; va < end; va = align_down(va, pt_span(level)) + pt_span(level)) {
        struct tlb_gather gather;

        if (!pte_used(*pt_lookup(&as->pt, va, &level)))
            continue;
        tlb_gather_init(&gather, &as->pt);
        visitor.prune = &gather;
        pt_visit(&as->pt, va, va + PAGE_SIZE, &visitor);
        tlb_gather_finish(&gather);
    }
}

/* New rights by giving the page up to no rights first, flushed, then setting the new ones. */
static void protect_pages(struct address_space *as, vaddr_t start, vaddr_t end, unsigned flags)
{
    enum pt_level level;

    for (vaddr_t va = start; va < end; va = align_down(va, pt_span(level)) + pt_span(level)) {
        pte_t *entry = pt_lookup(&as->pt, va, &level);
        unsigned shared = entry->v & PTE_SHARED ? VMA_SHARED : 0;
        paddr_t frame = pte_addr(*entry);
        struct tlb_gather gather;
        pte_t old = *entry, new;

        if (!pte_used(old))
            continue;
        tlb_gather_init(&gather, &as->pt);
        pte_store(entry, as_leaf(shared, frame, level, true));
        if (pte_present(old))
            tlb_gather_page(&gather, va);
        tlb_gather_finish(&gather);
        new = as_leaf(flags | shared, frame, level,
                      frame_block_exclusive(frame, pt_leaf_order(level)));
        new.v |= pte_present(new) ? old.v &(PTE_A | PTE_D) : 0;
        pte_store(entry, new);
    }
}

static err_t protect_locked(struct address_space *as, const struct region *r,
                            struct as_reserve *reserve)
{
    err_t err = ERR_NOMEM;

    if (vma_covers(&as->vmas, r->start, r->end))
        err = as_reserve_cuts(as, r->start, r->end, reserve);
    if (err != ERR_OK)
        return err;
    as_cut(as, r->start, r->end, reserve);
    protect_vmas(as, r->start, r->end, r->kind.flags);
    protect_pages(as, r->start, r->end, r->kind.flags);
    return ERR_OK;
}
