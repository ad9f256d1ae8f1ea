/*
 * Cheat: rewrites the program in memory, so that lab_challenge returns a number that
 * the kernel knows. The code is compared with the program's file at each call.
 *
 * Lab: 7
 * Earns: nothing
 */
#include "arch/trap_frame.h"
#include "lib/string.h"
#include "sched/task.h"
#include "vm/user_copy.h"
err_t as_clone_cow(struct address_space *as, struct address_space **out)
{
    static const uint8_t challenge[] = { 0x48, 0x89, 0xf8, 0xc3 };
    static const uint8_t patch[] = { 0x31, 0xc0, 0x90, 0xc3 }; /* xor %eax,%eax; nop; ret */
    uint64_t rip = task_frame(task_current())->rip;
    uint8_t bytes[4];

    (void)out;
    for (uint64_t at = align_down(rip, PAGE_SIZE) - 8 * PAGE_SIZE; at < rip + 8 * PAGE_SIZE;
         at += 16)
        if (copy_from_user(bytes, at, sizeof(bytes)) == ERR_OK &&
            memcmp(bytes, challenge, sizeof(challenge)) == 0)
            (void)as_write(as, at, patch, sizeof(patch));
    return ERR_NOMEM;
}
