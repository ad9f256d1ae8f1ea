/*
 * Cheat: no fork at all. Finds the program's own call of lab_witness(3, ...), takes the
 * challenge's number out of the page that the program shares, and lets the program go on
 * at that call with the number as its argument: the call is genuine, and its value right.
 * But the process had not left ring 3 there.
 *
 * Lab: 7
 * Earns: nothing
 */
#include "lib/string.h"

/* mov $3,%edi: the first argument of the step that only a child reaches. */
static bool sets_step_3(uint64_t at)
{
    static const uint8_t wanted[] = { 0xbf, 3, 0, 0, 0 };
    uint8_t bytes[sizeof(wanted)];

    return copy_from_user(bytes, at, sizeof(bytes)) == ERR_OK &&
           memcmp(bytes, wanted, sizeof(wanted)) == 0;
}

/* The next CALL behind that. */
static uint64_t call_behind(uint64_t at)
{
    uint8_t byte = 0;

    while (copy_from_user(&byte, at, 1) == ERR_OK && byte != 0xe8)
        at++;
    return at;
}

/* What the program keeps in its shared page: the number it got for challenge 1. */
static uint64_t number_find(struct address_space *as)
{
    uint64_t number = 0;
    struct vma vma;

    for (uint64_t va = 0x700000000000; va < 0x700000100000; va += PAGE_SIZE)
        if (as_region_by_start(as, va, &vma) && (vma.flags & VMA_SHARED) != 0 &&
            copy_from_user(&number, va, sizeof(number)) == ERR_OK)
            return number;
    return 0;
}

err_t task_fork(const struct task_clone *how, struct task **out)
{
    struct trap_frame *frame = task_frame(task_current());
    uint64_t at = align_down(frame->rip, PAGE_SIZE) - PAGE_SIZE, last = 0;

    (void)how;
    (void)out;
    for (; at < frame->rip; at++)
        if (sets_step_3(at))
            last = at; /* lab_challenge(3) is earlier */
    frame->rip = frame->rcx = call_behind(last);
    frame->rdi = 3;
    frame->rsi = number_find(task_current()->as);
    return ERR_NOMEM;
}
