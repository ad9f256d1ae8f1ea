/*
 * Where new mappings go: into the lowest gap that is large enough. The sizes
 * of the holes come from the seed.
 *
 *     base: used 3 | hole a | used 2 | hole a + 2 | used 1 | hole a + 5 | used 2 | free
 */
#include "pages.h"

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

/* Report that a mapping of so many pages landed at page number `wanted`. */
static void report(uint64_t step, uint64_t got, uint64_t wanted)
{
    uint64_t at = (uint64_t)base + wanted * PAGE;

    lab_witness(step, lab_challenge(step) ^ got ^ at, got, at);
}

int main(int argc, char **argv)
{
    struct dice dice = dice_new(argc, argv);
    uint64_t a = 2 + dice_roll(&dice, 6);

    make_holes(a);
    report(1, pages_map(NULL, a, RW, 0), hole_a);                /* fits exactly */
    report(2, pages_map(NULL, a + 1, RW, 0), hole_b);            /* leaves one page */
    report(3, pages_map(NULL, 1, PROT_READ, 0), hole_b + a + 1); /* that page */
    report(4, pages_map(NULL, a + 6, RW, 0), end);               /* one more than hole c has */
    report(5,
           (uint64_t)mmap(base + (hole_c + 1) * PAGE, 2 * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1,
                          0),
           hole_c + 1); /* a hint where there is room */
    report(6, pages_map(NULL, 1, RW, 0), hole_c);
    report(7, (uint64_t)mmap(base + PAGE, (a + 2) * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
           hole_c + 3); /* a hint where there is none */
    /* A large page starts at a multiple of its size. */
    report(8, pages_map(NULL, HUGE / PAGE, RW, MAP_HUGETLB), HUGE / PAGE);
    report(9, pages_map(NULL, 3, RW, 0), end + a + 6); /* the gap below the large page */
    return 0;
}
