/*
 * Misconception: a copy-on-write page is copied when it is written to. Who is the
 * last one to have it could simply keep it.
 *
 * Fails: last-owner-keeps
 */
err_t fault_own(struct fault *f)
{
    unsigned order = pt_leaf_order(f->level);
    paddr_t copy;
    err_t err;

    err = pmm_alloc(order, &copy);
    if (err == ERR_OK)
        fault_copy(f, copy);
    else if (order > 0)
        err = fault_split(f);
    return err;
}
