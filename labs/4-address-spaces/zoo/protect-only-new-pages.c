/*
 * Misconception: Rights belong to the region; pages get them when they come. Those that are there
 * already keep the old ones.
 *
 * Fails: merge-use, protect-exact, full-protect, churn
 */
static err_t protect_locked(struct address_space *as, const struct region *r,
                            struct as_reserve *reserve)
{
    err_t err;

    if (!vma_covers(&as->vmas, r->start, r->end))
        return ERR_NOMEM;
    err = as_reserve_cuts(as, r->start, r->end, reserve);
    if (err != ERR_OK)
        return err;
    as_cut(as, r->start, r->end, reserve);
    (void)protect_pages;
    protect_vmas(as, r->start, r->end, r->kind.flags);
    return ERR_OK;
}
