/*
 * Cheat: no demand paging: the first fault in a VMA backs the whole of it, so that no
 * other page faults.
 *
 * Lab: 5
 * Earns: data-page, full-small, kernel-faults, large-page, large-zeroed, pointer-lazy,
 *     pointer-long, pointer-string, read-only-page
 */
static err_t map_page(struct address_space *as, const struct vma_node *vma, vaddr_t page)
{
    enum pt_level level = as_leaf_level(vma->kind.size);
    struct pt_reserve tables = PT_RESERVE_INIT;
    paddr_t frame;
    pte_t *entry;
    err_t err = pmm_alloc_zeroed(pt_leaf_order(level), &frame);

    if (err == ERR_OK)
        err = pt_reserve_fill(&tables, 3);
    if (err == ERR_OK)
        err = pt_walk_make(&as->pt, page, level, &tables, &entry);
    if (err == ERR_OK && !pte_used(*entry))
        pte_store(entry, as_leaf(vma->kind.flags, frame, level, true));
    pt_reserve_drop(&tables);
    return err;
}

err_t as_handle_fault(struct address_space *as, vaddr_t addr, unsigned access)
{
    const struct vma_node *vma;
    err_t err = ERR_FAULT;

    (void)access;
    spin_lock(&as->lock);
    vma = vma_find(&as->vmas, addr);
    for (vaddr_t page = vma ? vma->start : 0; vma && page < vma->end;
         page += vma_page_bytes(vma->kind.size))
        err = map_page(as, vma, page);
    spin_unlock(&as->lock);
    return err;
}
