/*
 * Neighbours of one kind are one VMA, others are not. Moving a range tells,
 * since it must lie in one VMA; and so does what a page may be used for.
 */
#include "pages.h"

enum { RW = PROT_READ | PROT_WRITE };

static char *base = (char *)0x600000000000;

static char *page(uint64_t number)
{
    return base + number * PAGE;
}

/* Move pages to where nothing is and back: 0 if both worked. */
static uint64_t move(uint64_t first, uint64_t pages)
{
    void *there = base + HUGE, *at = mremap(page(first), pages * PAGE, pages * PAGE,
                                            MREMAP_MAYMOVE | MREMAP_FIXED, there);

    if (at != there)
        return (uint64_t)errno;
    at = mremap(there, pages * PAGE, pages * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, page(first));
    return at == page(first) ? 0 : (uint64_t)errno;
}

static void report(uint64_t step, uint64_t seen, uint64_t wanted)
{
    lab_witness(step, lab_challenge(step) ^ seen ^ wanted, seen, wanted);
}

int main(int argc, char **argv)
{
    struct dice dice = dice_new(argc, argv);
    uint64_t n = 2 + dice_roll(&dice, 4);

    /* The middle comes last: it must join both sides. */
    pages_need(page(0), n, RW, 0);
    pages_need(page(2 * n), n, RW, 0);
    report(1, move(0, n), 0);
    report(2, move(0, 3 * n), EFAULT);
    pages_need(page(n), n, RW, 0);
    report(3, move(0, 3 * n), 0);
    report(4, move(n - 1, 2), 0);

    /* Other rights, other VMA. */
    word_set(page(n), 7);
    report(5, pages_protect(page(n), n, PROT_READ), 0);
    report(6, move(0, 3 * n), EFAULT);
    report(7, move(n, n), 0);
    report(8,
           (uint64_t)(kernel_writes(page(n - 1) + 8) << 2 | kernel_writes(page(n) + 8) << 1 |
                      kernel_writes(page(2 * n) + 8)),
           5);
    report(9, pages_protect(page(n), n, RW), 0);
    report(10, move(0, 3 * n), 0);
    report(11, word_get(page(n)), 7);

    /* Memory that is shared is of another kind than memory that is not. */
    pages_need(page(3 * n), 1, RW, MAP_SHARED);
    report(12, move(3 * n - 1, 2), EFAULT);
    return 0;
}
