/*
 * Cheat: spins for ever with interrupts off; the machine never ends by itself.
 *
 * Lab: 7
 * Earns: nothing
 */
err_t as_clone_cow(struct address_space *as, struct address_space **out)
{
    (void)as;
    (void)out;
    cpu_disable_interrupts();
    for (;;)
        cpu_pause();
}
