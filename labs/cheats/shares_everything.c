/*
 * Cheat: the child is the parent's address space itself. fork is fast, nothing is copied,
 * no write faults, and both sides see each other's writes.
 *
 * Lab: 7
 * Earns: nothing
 */
err_t as_clone_cow(struct address_space *as, struct address_space **out)
{
    *out = as_get(as);
    return ERR_OK;
}
