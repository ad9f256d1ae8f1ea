/*
 * Where new mappings go: into the lowest gap that is large enough. The sizes
 * of the holes come from the seed.
 *
 *     base: used 3 | hole a | used 2 | hole a + 2 | used 1 | hole a + 5 | used 2 | free
 */
#include "pages.h"

#define MMAP_BASE 0x700000000000 /* where Quire starts to look (src/kern/linux.h) */

enum { RW = PROT_READ | PROT_WRITE };

static char *base;
static uint64_t hole_a, hole_b, hole_c, end; /* page numbers from base */

static void make_holes(uint64_t a)
{
    hole_a = 3;
    hole_b = hole_a + a + 2;
    hole_c = hole_b + a + 2 + 1;
    end = hole_c + a + 5 + 2;
    base = pages_need(NULL, end, RW, 0);
    pages_unmap(base + hole_c * PAGE, a + 5);
    pages_unmap(base + hole_a * PAGE, a);
    pages_unmap(base + hole_b * PAGE, a + 2);
}

/* Report where a mapping landed that belongs at page number `wanted`, and put it there. */
static void report(uint64_t step, uint64_t got, uint64_t wanted, uint64_t pages)
{
    char *at = base + wanted * PAGE;

    lab_witness(step, lab_challenge(step) ^ got ^ (uint64_t)at, got, (uint64_t)at);
    if (got == (uint64_t)at)
        return;
    if (got < (uint64_t)-PAGE)
        pages_unmap((void *)got, pages);
    (void)pages_map(at, pages, RW, 0);
}

static uint64_t map_at_hint(uint64_t number, uint64_t pages)
{
    return (uint64_t)mmap(base + number * PAGE, pages * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1,
                          0);
}

int main(int argc, char **argv)
{
    struct dice dice = dice_new(argc, argv);
    uint64_t a = 2 + dice_roll(&dice, 6);

    make_holes(a);
    lab_witness(10, lab_challenge(10) ^ (uint64_t)base ^ MMAP_BASE, (uint64_t)base, 0);
    report(1, pages_map(NULL, a, RW, 0), hole_a, a);                /* fits exactly */
    report(2, pages_map(NULL, a + 1, RW, 0), hole_b, a + 1);        /* leaves one page */
    report(3, pages_map(NULL, 1, PROT_READ, 0), hole_b + a + 1, 1); /* that page */
    report(4, pages_map(NULL, a + 6, RW, 0), end, a + 6);           /* hole c has one less */
    report(5, map_at_hint(hole_c + 1, 2), hole_c + 1, 2);           /* a hint where there is room */
    report(6, pages_map(NULL, 1, RW, 0), hole_c, 1);
    report(7, map_at_hint(1, a + 2), hole_c + 3, a + 2); /* a hint where there is none */
    /* A large page starts at a multiple of its size. */
    report(8, pages_map(NULL, HUGE / PAGE, RW, MAP_HUGETLB), HUGE / PAGE, HUGE / PAGE);
    report(9, pages_map(NULL, 3, RW, 0), end + a + 6, 3); /* the gap below the large page */
    return 0;
}
