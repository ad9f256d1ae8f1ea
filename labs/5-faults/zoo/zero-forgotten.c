/*
 * Misconception: A new frame is empty. It holds whatever its last owner left there: a program can
 * read what another one thought was gone.
 *
 * Fails: zeroed, jitter-touch
 */
static err_t fault_zero(const struct fault *f)
{
    enum vma_page_size size = f->vma->kind.size;
    enum pt_level level = as_leaf_level(size);
    vaddr_t page = align_down(f->addr, vma_page_bytes(size));
    struct pt_reserve tables = PT_RESERVE_INIT;
    paddr_t frame;
    pte_t *entry;
    err_t err = pmm_alloc(pt_leaf_order(level), &frame);

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
