/*
 * Misconception: running out of memory must not happen. It does, and only the
 * program that asked should be told.
 *
 * Fails: fails-cleanly
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
        err = reserve_tables(&reserve.tables, as->pt.tables);
    if (err == ERR_OK)
        clone_commit(as, child, &reserve);
    as_reserve_drop(&reserve);
    spin_unlock(&as->lock);
    if (err != ERR_OK)
        panic("fork: out of memory");
    *out = child;
    return err;
}
