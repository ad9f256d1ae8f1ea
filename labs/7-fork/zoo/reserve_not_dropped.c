/*
 * Misconception: a reserve is used up. It was generous, one table more than needed,
 * and what is left of it belongs to nobody any more: one frame is lost with each
 * fork.
 *
 * Fails: nothing-lost
 */
err_t as_clone_cow(struct address_space *as, struct address_space **out)
{
    struct as_reserve reserve = AS_RESERVE_INIT;
    struct address_space *child;
    err_t err = as->is_kernel ? ERR_PERM : as_new_user(&child);

    if (err != ERR_OK)
        return err;
    spin_lock(&as->lock);
    err = vma_pool_fill(&reserve.nodes, as->vmas.count);
    if (err == ERR_OK)
        err = reserve_tables(&reserve.tables, as->pt.tables + 1);
    if (err == ERR_OK)
        clone_commit(as, child, &reserve);
    spin_unlock(&as->lock);
    if (err != ERR_OK)
        as_put(child);
    else
        *out = child;
    return err;
}
