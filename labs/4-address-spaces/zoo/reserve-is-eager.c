/*
 * Misconception: To reserve memory is to get it. Then most memory goes to pages that no program
 * ever touches.
 *
 * Fails: reserve-lazy, full-reserve, full-protect
 */
static void commit_resident(struct address_space *as, const struct region *r,
                            struct as_reserve *reserve);

static err_t reserve_locked(struct address_space *as, const struct region *r,
                            struct as_reserve *reserve)
{
    uint64_t pages = (r->end - r->start) / vma_page_bytes(r->kind.size);
    err_t err;

    if (vma_overlaps(&as->vmas, r->start, r->end))
        return ERR_EXIST;
    err = vma_pool_fill(&reserve->nodes, 1);
    if (err != ERR_OK || pages > 256) {
        if (err == ERR_OK)
            region_record(as, r, reserve);
        return err;
    }
    err = pt_reserve_fill(&reserve->tables,
                          pt_missing(&as->pt, r->start, r->end, as_leaf_level(r->kind.size)));
    if (err == ERR_OK)
        err = as_reserve_pages(reserve, pages, r->kind.size);
    if (err == ERR_OK)
        commit_resident(as, r, reserve);
    return err;
}
