/*
 * Misconception: Rights are bits in entries. A page that comes later gets those of its region,
 * which still says what it said before.
 *
 * Fails: merge-rights, merge-use, protect-exact, protect-resident, protect-untouched,
 * full-protect, churn
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
    protect_pages(as, r->start, r->end, r->kind.flags);
    (void)protect_vmas;
    vma_merge(&as->vmas, r->start, r->end);
    return ERR_OK;
}
