/*
 * Cheat: the same, but continues at the program's own call of lab_witness, so that the
 * call is genuine. The values are not: it cannot know them, and the jump itself is seen
 * as a return to ring 3 where the program had not been.
 *
 * Lab: 7
 * Earns: nothing
 */
#include "lib/string.h"

static bool is_call_of(uint64_t at, uint64_t function)
{
    uint8_t bytes[5];
    int32_t offset;

    if (copy_from_user(bytes, at, sizeof(bytes)) != ERR_OK || bytes[0] != 0xe8)
        return false;
    memcpy(&offset, &bytes[1], sizeof(offset));
    return at + 5 + (uint64_t)(int64_t)offset == function;
}

static uint64_t function_find(uint64_t rip)
{
    static const uint8_t challenge[] = { 0x48, 0x89, 0xf8, 0xc3 };
    uint8_t bytes[4];

    for (uint64_t at = align_down(rip, PAGE_SIZE) - 8 * PAGE_SIZE; at < rip + 8 * PAGE_SIZE;
         at += 16)
        if (copy_from_user(bytes, at, sizeof(bytes)) == ERR_OK &&
            memcmp(bytes, challenge, sizeof(challenge)) == 0)
            return at + 16;
    return 0;
}

err_t task_fork(const struct task_clone *how, struct task **out)
{
    struct trap_frame *frame = task_frame(task_current());
    uint64_t witness = function_find(frame->rip), at = frame->rip - 8 * PAGE_SIZE;
    static uint64_t step;

    (void)how;
    (void)out;
    while (at < frame->rip + 8 * PAGE_SIZE && !is_call_of(at, witness))
        at++;
    frame->rip = frame->rcx = at;
    frame->rdi = ++step;
    frame->rsi = frame->rbx;
    return ERR_NOMEM;
}
