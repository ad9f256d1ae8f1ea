/*
 * Lab 3: pages at addresses that differ in one index of the walk at a time, made and given up in
 * every order, with values that only the recorder knows. The argument, a seed, moves them all.
 *
 *     step 1     eleven pages are written; value: their sum, a: the lowest, b: the highest one
 *     step 2     each second page is unmapped, b is one; a has no rights now, and its contents
 *     step 3     a has rights again, and this value
 *     step 4     the sum of those that are left; a, b: unmapped ones
 *     step 5     all is unmapped; a, b: a range whose tables are gone
 *     step 6     a mapping of two pages over a table's boundary; a: the first, value: its sum
 *     step 7     a large page, read at its end; a: its address
 *     step 8     the large page's last 4 KiB, after the first were unmapped; a: the address
 *     step 9     the end
 */
#include "lab.h"

#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PAGE = 4096, PAGES = 11, HUGE = 2 << 20 };

static uint64_t base = 0x123400000000;
static uint64_t odd_base =
    0x2345401ff000; /* the last page of one table, and the first of the next */

/* Away from base: each step of the walk alone, and all of them. */
static const uint64_t away[PAGES] = {
    0,
    1ull << 12,
    511ull << 12,
    1ull << 21,
    (1ull << 21) + (511ull << 12),
    3ull << 21,
    1ull << 30,
    (1ull << 30) + (255ull << 21),
    5ull << 30,
    1ull << 39,
    (2ull << 39) + (7ull << 30) + (9ull << 21) + (11ull << 12),
};

static bool map_at(uint64_t at, uint64_t bytes, int prot, int more)
{
    return mmap((void *)at, bytes, prot, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | more, -1, 0) ==
           (void *)at;
}

static volatile uint64_t *word(uint64_t at)
{
    return (volatile uint64_t *)at;
}

/* Another word of each page: a page in the place of another is noticed. */
static void write_all(uint64_t value)
{
    for (unsigned i = 0; i < PAGES; i++) {
        if (!map_at(base + away[i], PAGE, PROT_READ | PROT_WRITE, 0))
            return;
        word(base + away[i])[i] = value + i;
    }
}

static uint64_t sum(unsigned step)
{
    uint64_t total = 0;

    for (unsigned i = 0; i < PAGES; i += step)
        total += word(base + away[i])[i] - i;
    return total;
}

static void single_pages(uint64_t value)
{
    uint64_t kept = base + away[4];

    write_all(value);
    lab_witness(1, sum(1), base + away[0], base + away[PAGES - 1]);
    mprotect((void *)kept, PAGE, PROT_NONE);
    for (unsigned i = 1; i < PAGES; i += 2) /* kept is all that is left in its table */
        munmap((void *)(base + away[i]), PAGE);
    lab_witness(2, lab_challenge(2), kept, base + away[9]);
    mprotect((void *)kept, PAGE, PROT_READ);
    lab_witness(3, word(kept)[4] - 4, kept, 0);
    lab_witness(4, sum(2), base + away[1], base + away[3]);
    for (unsigned i = 0; i < PAGES; i += 2)
        munmap((void *)(base + away[i]), PAGE);
    lab_witness(5, lab_challenge(5), base, base + away[10]);
}

static void over_a_boundary(uint64_t value)
{
    if (!map_at(odd_base, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_POPULATE))
        return;
    word(odd_base)[511] = value;
    word(odd_base)[512] = value + 1;
    lab_witness(6, word(odd_base)[511] + word(odd_base)[512], odd_base, 0);
    munmap((void *)odd_base, 2 * PAGE);
}

static void large_page(uint64_t value)
{
    char *at =
        mmap(NULL, HUGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);
    uint64_t last = (uint64_t)at + HUGE - PAGE;

    if (at == MAP_FAILED)
        return;
    *word((uint64_t)at) = value + 1;
    *word(last) = value;
    lab_witness(7, *word((uint64_t)at) + *word(last), (uint64_t)at, last);
    munmap(at, HUGE - PAGE);
    lab_witness(8, *word(last), last, (uint64_t)at);
    munmap((void *)last, PAGE);
}

int main(int argc, char **argv)
{
    uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 10) : 0;

    base += seed * 2654435761u % 512 << 30;
    odd_base += seed * 40503 % 512 << 30;
    single_pages(lab_challenge(1));
    over_a_boundary(lab_challenge(6));
    large_page(lab_challenge(7));
    lab_witness(9, lab_challenge(9), 0, 0);
    return 0;
}
