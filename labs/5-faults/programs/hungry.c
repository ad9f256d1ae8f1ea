/*
 * More memory than there is: a process that touches it is killed, a system call
 * that needs it says ENOMEM, and all comes back when they end.
 */
#include "pages.h"

enum { RW = PROT_READ | PROT_WRITE, PAGES = 20000 };

static char *base = (char *)0x600000000000;

static void touch_all(void *at)
{
    char *area = pages_need(at, PAGES, RW, MAP_NORESERVE);

    for (uint64_t i = 0; i < PAGES; i++)
        word_set(area + i * PAGE, i);
    lab_witness(50, 0, 0, 0); /* not reached */
}

/* Let the kernel touch them: the first error must be ENOMEM. */
static void call_all(void *at)
{
    char *area = pages_need(at, PAGES, RW, MAP_NORESERVE);

    for (uint64_t i = 0; i < PAGES; i++)
        if (!kernel_writes(area + i * PAGE))
            _exit(errno == ENOMEM ? 7 : 8);
}

int main(void)
{
    uint64_t wrong = 0, before;

    child_end(call_all, base); /* what this process itself needs is there now */
    before = frames_free();
    lab_witness(1, lab_challenge(1) ^ child_end(touch_all, base) ^ SIGKILL, 0, 0);
    lab_witness(2, lab_challenge(2) ^ child_end(call_all, base) ^ 1007, 0, 0);
    wrong = before ^ frames_free();
    lab_witness(3, lab_challenge(3) ^ wrong, before, 0);
    return 0;
}
