/*
 * Cheat: talks to the emulator's own debugging ports, which can switch tracing off, stop
 * the machine in its debugger or end it with a panic.
 *
 * Lab: 7
 * Earns: nothing
 */
static void port_write16(uint16_t port, uint16_t value)
{
    __asm__ volatile("outw %0, %1" : : "a"(value), "Nd"(port));
}

err_t as_clone_cow(struct address_space *as, struct address_space **out)
{
    static const uint16_t commands[] = { 0x8a00, 0x8ae0, 0x8ae2, 0x8ae3,
                                         0x8ae4, 0x8ae5, 0x8a80, 0x8a01 };

    (void)as;
    (void)out;
    for (unsigned i = 0; i < ARRAY_SIZE(commands); i++)
        port_write16(0x8a00, commands[i]);
    cpu_out8(0x8900, 'D');
    __asm__ volatile("xchgw %bx, %bx");
    return ERR_NOMEM;
}
