/*
 * Cheat: takes all memory away, so that programs fail early and no rule can be broken
 * any more.
 *
 * Lab: 7
 * Earns: nothing
 */
err_t as_clone_cow(struct address_space *as, struct address_space **out)
{
    paddr_t frame;

    (void)as;
    (void)out;
    while (pmm_alloc(0, &frame) == ERR_OK)
        continue;
    return ERR_NOMEM;
}
