/*
 * Memory that is reserved takes no page until it is touched; memory that is
 * mapped at once has all its pages; and shared memory is one memory for a
 * process and its children, to the last page.
 */
#include "pages.h"

enum { RW = PROT_READ | PROT_WRITE };

static char *base = (char *)0x600000000000;

int main(int argc, char **argv)
{
    struct dice dice = dice_new(argc, argv);
    uint64_t n = 5 + dice_roll(&dice, 12), secret = lab_challenge(100), wrong;
    uint64_t six = lab_challenge(6);
    char *reserved = pages_need(base, n, RW, 0);
    char *mapped = pages_need(base + HUGE - 3 * PAGE, n, RW, MAP_POPULATE); /* in two tables */
    char *shared = pages_need(base + 3 * HUGE, n, RW, MAP_SHARED);
    char *fresh = pages_need(base + 5 * HUGE, n, RW, MAP_SHARED); /* first touched by a child */

    lab_witness(1, lab_challenge(1), (uint64_t)reserved, n * PAGE);
    lab_witness(2, lab_challenge(2), (uint64_t)mapped, n * PAGE);
    lab_witness(3, lab_challenge(3), (uint64_t)shared, n * PAGE);

    /* From here to step 5 nothing need fault. */
    wrong = 0;
    for (uint64_t i = 0; i < n; i++)
        wrong |= word_get(mapped + i * PAGE) | word_get(shared + i * PAGE);
    for (uint64_t i = 0; i < n; i++) {
        word_set(mapped + i * PAGE, secret ^ i);
        word_set(shared + i * PAGE, secret + i);
    }
    for (uint64_t i = 0; i < n; i++)
        wrong |= (word_get(mapped + i * PAGE) ^ secret ^ i) |
                 (word_get(shared + i * PAGE) ^ (secret + i));
    lab_witness(4, lab_challenge(4) ^ wrong, 0, 0);

    if (fork() == 0) {
        for (uint64_t i = 0; i < n; i++)
            word_set(shared + i * PAGE, word_get(shared + i * PAGE) + six);
        for (uint64_t i = 0; i < n; i++)
            word_set(fresh + i * PAGE, six - i);
        lab_witness(5, lab_challenge(5), (uint64_t)shared, 0);
        _exit(0);
    }
    wait(NULL);
    wrong = 0;
    for (uint64_t i = 0; i < n; i++)
        wrong |= word_get(shared + i * PAGE) ^ (secret + i + six);
    for (uint64_t i = 0; i < n; i++)
        wrong |= word_get(fresh + i * PAGE) ^ (six - i);
    lab_witness(6, six ^ wrong, 0, 0);

    /* What is there is not mapped again, nor reserved. */
    wrong = pages_map(reserved + (n - 1) * PAGE, 2, RW, 0) ^ (uint64_t)-1;
    wrong |= (uint64_t)errno ^ EEXIST;
    wrong |= pages_map(shared - PAGE, 2, RW, MAP_SHARED) ^ (uint64_t)-1;
    wrong |= (uint64_t)errno ^ EEXIST;
    lab_witness(7, lab_challenge(7) ^ wrong, 0, 0);
    return 0;
}
