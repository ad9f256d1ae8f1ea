/*
 * Pages that are reserved come one by one, when they are touched, and hold
 * zeroes whatever the frame held before. 24 of 64 pages are touched; which, and
 * in what order, comes from the seed.
 */
#include "pages.h"

enum { RW = PROT_READ | PROT_WRITE, PAGES = 64, TOUCHED = 24, USED = 300 };

static char *base = (char *)0x600000000000;

/* Leave frames behind that are full of other things. */
static void litter(void *secret)
{
    char *at = pages_need(base + HUGE, USED, RW, 0);

    for (uint64_t i = 0; i < USED * PAGE; i += 8)
        word_set(at + i, *(uint64_t *)secret + i);
}

static uint64_t sum_page(const char *at)
{
    uint64_t any = 0;

    for (uint64_t i = 0; i < PAGE; i += 8)
        any |= word_get(at + i);
    return any;
}

/* The first TOUCHED of all pages in random order. */
static void shuffle(struct dice *dice, uint64_t order[PAGES])
{
    for (uint64_t i = 0; i < PAGES; i++)
        order[i] = i;
    for (uint64_t i = 0; i < TOUCHED; i++) {
        uint64_t j = i + dice_roll(dice, PAGES - i), kept = order[i];

        order[i] = order[j];
        order[j] = kept;
    }
}

int main(int argc, char **argv)
{
    struct dice dice = dice_new(argc, argv);
    uint64_t order[PAGES], secret = lab_challenge(100), wrong = 0;

    child_end(litter, &secret);
    pages_need(base, PAGES, RW, 0);
    shuffle(&dice, order);
    lab_witness(1, lab_challenge(1), (uint64_t)base, PAGES * PAGE);
    for (uint64_t i = 0; i < TOUCHED; i++) {
        char *page = base + order[i] * PAGE;

        if (dice_roll(&dice, 2))
            word_set(page + 8 * dice_roll(&dice, 512), 0);
        wrong |= sum_page(page);
        word_set(page, secret + order[i]);
    }
    lab_witness(2, lab_challenge(2) ^ wrong, (uint64_t)base, PAGES * PAGE);
    for (uint64_t i = 0; i < TOUCHED; i++)
        wrong |= word_get(base + order[i] * PAGE) ^ (secret + order[i]);
    lab_witness(3, lab_challenge(3) ^ wrong, (uint64_t)base, PAGES * PAGE);
    return 0;
}
