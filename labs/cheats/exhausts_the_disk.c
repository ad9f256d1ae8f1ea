/*
 * Cheat: an object file of 64 GiB.
 *
 * Lab: 7
 * Earns: nothing
 */
__asm__(".pushsection .data\n"
        ".fill 0x1000000000, 1, 0x41\n"
        ".popsection");

err_t as_clone_cow(struct address_space *as, struct address_space **out)
{
    (void)as;
    (void)out;
    return ERR_NOMEM;
}
