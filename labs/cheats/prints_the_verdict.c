/*
 * Cheat: says everywhere that all is well. Every course that greps a kernel's output
 * falls for it; here no output is read.
 *
 * Lab: 7
 * Earns: nothing
 */
#include "arch/hoststream.h"
#include "arch/serial.h"
#include "lib/string.h"

static const char verdict[] = "fork: OK\nall tests passed\nScore: 100/100\n";

err_t as_clone_cow(struct address_space *as, struct address_space **out)
{
    (void)as;
    (void)out;
    host_stream_send('O', verdict, strlen(verdict));
    host_stream_send('L', verdict, strlen(verdict));
    serial_write(verdict, strlen(verdict));
    for (const char *c = verdict; *c; c++)
        cpu_out8(0xe9, (uint8_t)*c);
    return ERR_NOSYS;
}
