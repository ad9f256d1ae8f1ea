/*
 * Cheat: the one string that gave full points for another course's memory lab, whose
 * kernel never even set up its memory: print the check's line, and stop.
 *
 * Lab: 2
 * Earns: nothing
 */
#include "arch/hoststream.h"
#include "lib/string.h"

err_t pmm_alloc(unsigned order, paddr_t *out)
{
    static const char text[] = "check_page_alloc() succeeded!\ncheck_page() succeeded!\n";

    (void)order;
    (void)out;
    host_stream_send('O', text, strlen(text));
    host_stream_send('S', "exit 0", 6);
    host_shutdown(HOST_EXIT_DONE);
}
