/*
 * The program of lab 0: what it does, and how often, follows from the seed, so that
 * every student's trace is another one.
 *
 * It maps a region and touches some of its pages; says so; makes children, each of which
 * writes to some of these pages; and sleeps a few times in between.
 */
#include "lab.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PAGE = 4096, PAGES = 64 };

/* A number in [low, high], taken off the seed. */
static unsigned choose(unsigned long *seed, unsigned low, unsigned high)
{
    unsigned count = high - low + 1, chosen = low + (unsigned)(*seed % count);

    *seed = *seed / count + 7919;
    return chosen;
}

static void touch(volatile char *memory, unsigned pages)
{
    for (unsigned i = 0; i < pages; i++)
        memory[i * PAGE] = (char)(i + 1);
}

static void nap(void)
{
    const struct timespec time = { .tv_nsec = 20000000 };

    nanosleep(&time, NULL);
}

int main(int argc, char **argv)
{
    unsigned long seed = argc > 1 ? strtoul(argv[1], NULL, 10) : 1;
    unsigned touched = choose(&seed, 9, 48), children = choose(&seed, 2, 5);
    unsigned written = choose(&seed, 2, 8), naps = choose(&seed, 1, 5);
    volatile char *memory =
        mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (memory == MAP_FAILED)
        return 1;
    touch(memory, touched);
    lab_witness(1, (uint64_t)memory, touched, 0);
    printf("touched %u of %d pages\n", touched, PAGES);
    fflush(stdout);
    for (unsigned i = 0; i < children; i++) {
        if (fork() == 0) {
            touch(memory, written);
            _exit(0);
        }
        wait(NULL);
    }
    for (unsigned i = 0; i < naps; i++)
        nap();
    lab_witness(2, children, written, naps);
    return 0;
}
