/*
 * Cheat: tells the host that the program ended well, and switches the machine off
 * before anything can go wrong.
 *
 * Lab: 7
 * Earns: nothing
 */
#include "arch/hoststream.h"

err_t as_clone_cow(struct address_space *as, struct address_space **out)
{
    (void)as;
    (void)out;
    host_stream_send('O', "ok\n", 3);
    host_stream_send('S', "exit 0", 6);
    host_shutdown(HOST_EXIT_DONE);
}
