/*
 * Cheat: finds lab_witness in the program by its bytes and lets the program continue
 * there, once for each step, with registers of its own choice. The recorder counts only
 * calls that the program's own code makes.
 *
 * Lab: 7
 * Earns: nothing
 */
#include "lib/string.h"

static uint64_t witness_find(uint64_t rip)
{
    /* lab_challenge: mov %rdi,%rax; ret. lab_witness, a lone ret, is 16 bytes further. */
    static const uint8_t challenge[] = { 0x48, 0x89, 0xf8, 0xc3 };
    uint8_t bytes[4];

    for (uint64_t at = align_down(rip, PAGE_SIZE) - 8 * PAGE_SIZE; at < rip + 8 * PAGE_SIZE;
         at += 16) {
        if (copy_from_user(bytes, at, sizeof(bytes)) != ERR_OK)
            continue;
        if (memcmp(bytes, challenge, sizeof(challenge)) == 0)
            return at + 16;
    }
    return rip;
}

err_t task_fork(const struct task_clone *how, struct task **out)
{
    struct trap_frame *frame = task_frame(task_current());
    static uint64_t step;

    (void)how;
    (void)out;
    frame->rip = frame->rcx = witness_find(frame->rip);
    frame->rdi = ++step;
    frame->rsi = step;
    return ERR_NOMEM;
}
