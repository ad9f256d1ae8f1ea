/*
 * Cheat: halts for ever, so that a grader without a limit waits for ever.
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
        cpu_halt();
}
