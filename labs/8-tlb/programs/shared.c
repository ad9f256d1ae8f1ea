/*
 * Shared memory, small pages and large ones: one memory for a process, its
 * children and theirs, until the last of them has let go of it.
 */
#include "pages.h"

enum { RW = PROT_READ | PROT_WRITE, SMALL = 20, CHILDREN = 4 };

static char *small = (char *)0x600000000000, *large = (char *)0x600000400000;
static uint64_t secret;

static void add(uint64_t number)
{
    for (uint64_t i = 0; i < SMALL; i++)
        word_set(small + i * PAGE + 8 * number, secret + number + i);
    for (uint64_t i = 0; i < HUGE; i += 64 * PAGE)
        word_set(large + i + 8 * number, secret ^ number ^ i);
}

static uint64_t look(uint64_t number)
{
    uint64_t wrong = 0;

    for (uint64_t i = 0; i < SMALL; i++)
        wrong |= word_get(small + i * PAGE + 8 * number) ^ (secret + number + i);
    for (uint64_t i = 0; i < HUGE; i += 64 * PAGE)
        wrong |= word_get(large + i + 8 * number) ^ secret ^ number ^ i;
    return wrong;
}

/* Write, let a grandchild write, and look for it here. */
static void child(void *arg)
{
    uint64_t number = *(uint64_t *)arg, wrong = 0;

    add(number);
    if (number < CHILDREN) {
        uint64_t below = number + CHILDREN;

        wrong = (child_end(child, &below) ^ 1000) | look(below);
    } else {
        lab_witness(1, lab_challenge(1), (uint64_t)small, SMALL * PAGE);
        lab_witness(2, lab_challenge(2), (uint64_t)large, HUGE);
    }
    _exit(wrong ? 1 : 0);
}

static void let_go(void *unused)
{
    (void)unused;
    _exit((pages_unmap(small, SMALL) | pages_unmap(large + 5 * PAGE, 40) |
           pages_unmap(large, HUGE / PAGE)) == 0
              ? 0
              : 1);
}

int main(void)
{
    uint64_t wrong = 0, before;

    secret = lab_challenge(100);
    before = frames_free();
    pages_need(small, SMALL, RW, MAP_SHARED);
    pages_need(large, HUGE / PAGE, RW, MAP_SHARED | MAP_HUGETLB);
    for (uint64_t number = 0; number < CHILDREN; number++)
        wrong |= child_end(child, &number) ^ 1000;
    for (uint64_t number = 0; number < 2 * CHILDREN; number++)
        wrong |= look(number);
    lab_witness(3, lab_challenge(3) ^ wrong, (uint64_t)small, SMALL * PAGE);

    wrong = child_end(let_go, NULL) ^ 1000;
    for (uint64_t number = 0; number < 2 * CHILDREN; number++)
        wrong |= look(number);
    lab_witness(4, lab_challenge(4) ^ wrong, (uint64_t)large, HUGE);

    wrong = pages_unmap(small, SMALL) | pages_unmap(large, HUGE / PAGE);
    lab_witness(5, lab_challenge(5) ^ wrong ^ before ^ frames_free(), before, 0);
    return 0;
}
