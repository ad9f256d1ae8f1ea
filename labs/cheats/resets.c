/*
 * Cheat: resets the machine, which then boots again and again: an endless run with
 * endless events.
 *
 * Lab: 7
 * Earns: nothing
 */
err_t as_clone_cow(struct address_space *as, struct address_space **out)
{
    (void)as;
    (void)out;
    cpu_out8(0x64, 0xfe);
    cpu_out8(0xcf9, 0x06);
    for (;;)
        cpu_pause();
}
