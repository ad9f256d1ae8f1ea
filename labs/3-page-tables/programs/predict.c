/*
 * Lab 3: the program that the predictions are about. Its argument is the student's seed.
 *
 *     step 1     pages that lie a GiB apart are written; a: the first one, b: how many
 *     step 2     a large page is written, too; a: its address
 *     step 3     all of them are unmapped
 */
#include "lab.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PAGE = 4096, HUGE = 2 << 20 };

#define BASE  0x200000000000ull
#define APART (1ull << 30)

int main(int argc, char **argv)
{
    unsigned long seed = argc > 1 ? strtoul(argv[1], NULL, 10) : 1;
    unsigned pages = 3 + (unsigned)(seed % 6);
    char *large;

    for (unsigned i = 0; i < pages; i++) {
        volatile char *at = mmap((void *)(BASE + i * APART), PAGE, PROT_READ | PROT_WRITE,
                                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

        *at = 1;
    }
    lab_witness(1, lab_challenge(1), BASE, pages);
    large =
        mmap(NULL, HUGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);
    if (large != MAP_FAILED)
        *(volatile char *)large = 1;
    lab_witness(2, lab_challenge(2), (uint64_t)large, 0);
    for (unsigned i = 0; i < pages; i++)
        munmap((void *)(BASE + i * APART), PAGE);
    munmap(large, HUGE);
    lab_witness(3, lab_challenge(3), 0, 0);
    return 0;
}
