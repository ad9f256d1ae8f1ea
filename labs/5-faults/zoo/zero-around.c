/*
 * Misconception: Who touches one page will touch the next. Perhaps; but the contract says which
 * page comes, and memory goes to pages that nobody asked for.
 *
 * Fails: lazy
 */
static err_t fault_zero_one(const struct fault *f)
{
    enum vma_page_size size = f->vma->kind.size;
    enum pt_level level = as_leaf_level(size);
    vaddr_t page = align_down(f->addr, vma_page_bytes(size));
    struct pt_reserve tables = PT_RESERVE_INIT;
    paddr_t frame;
    pte_t *entry;
    err_t err = pmm_alloc_zeroed(pt_leaf_order(level), &frame);

    if (err != ERR_OK)
        return err;
    err = pt_reserve_fill(&tables, f->level - level);
    if (err == ERR_OK)
        err = pt_walk_make(&f->as->pt, page, level, &tables, &entry);
    if (err != ERR_OK) {
        pt_reserve_drop(&tables);
        pmm_free(frame, pt_leaf_order(level));
        return err;
    }
    pte_store(entry, as_leaf(f->vma->kind.flags, frame, level, true));
    return ERR_OK;
}

static err_t fault_zero(const struct fault *f)
{
    err_t err = fault_zero_one(f);

    for (unsigned i = 1; err == ERR_OK && f->vma->kind.size == VMA_PAGE_4K && i < 4; i++) {
        struct fault next = *f;

        next.addr = f->addr + i * PAGE_SIZE;
        if (next.addr >= f->vma->end)
            break;
        next.entry = pt_lookup(&f->as->pt, next.addr, &next.level);
        if (!pte_used(*next.entry))
            (void)fault_zero_one(&next);
    }
    return err;
}
