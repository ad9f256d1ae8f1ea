/* Large pages on demand: one fault brings 2 MiB, wherever in them it hits. */
#include "pages.h"

enum { RW = PROT_READ | PROT_WRITE };

static char *base = (char *)0x600000000000;

int main(int argc, char **argv)
{
    struct dice dice = dice_new(argc, argv);
    uint64_t secret = lab_challenge(100), wrong = 0;
    uint64_t at = 8 * dice_roll(&dice, HUGE / 8);

    pages_need(base, 2 * HUGE / PAGE, RW, MAP_HUGETLB);
    lab_witness(1, lab_challenge(1), (uint64_t)base, 2 * HUGE);
    word_set(base + at, secret);
    lab_witness(2, lab_challenge(2), (uint64_t)base, HUGE);
    for (uint64_t i = 0; i < HUGE; i += 1024)
        wrong |= i == at ? 0 : word_get(base + i);
    wrong |= word_get(base + at) ^ secret;
    lab_witness(3, lab_challenge(3) ^ wrong, (uint64_t)base + HUGE, HUGE);
    return 0;
}
