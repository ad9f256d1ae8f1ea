/*
 * Cheat: clears CR0.WP and overwrites functions that are not its own, pmm_alloc and
 * frame_get, by a lone return.
 *
 * Lab: 7
 * Earns: nothing
 */
#include "lib/string.h"

err_t as_clone_cow(struct address_space *as, struct address_space **out)
{
    static const uint8_t code[] = { 0x31, 0xc0, 0xc3 }; /* xor %eax,%eax; ret */

    (void)as;
    (void)out;
    cpu_write_cr0(cpu_read_cr0() & ~(UINT64_C(1) << 16));
    memcpy((void *)pmm_alloc, code, sizeof(code));
    memcpy((void *)frame_get, code, sizeof(code));
    return ERR_NOMEM;
}
