/*
 * Misconception: A page is 4 KiB. Where the region was made of 2 MiB pages, the program pays 512
 * faults for one.
 *
 * Fails: large-page, full-large
 */
static err_t fault_zero(const struct fault *f)
{
    vaddr_t page = align_down(f->addr, PAGE_SIZE);
    struct pt_reserve tables = PT_RESERVE_INIT;
    paddr_t frame;
    pte_t *entry;
    err_t err = pmm_alloc_zeroed(0, &frame);

    if (err != ERR_OK)
        return err;
    err = pt_reserve_fill(&tables, f->level - PT);
    if (err == ERR_OK)
        err = pt_walk_make(&f->as->pt, page, PT, &tables, &entry);
    if (err != ERR_OK) {
        pt_reserve_drop(&tables);
        pmm_free(frame, 0);
        return err;
    }
    pte_store(entry, as_leaf(f->vma->kind.flags, frame, PT, true));
    return ERR_OK;
}
