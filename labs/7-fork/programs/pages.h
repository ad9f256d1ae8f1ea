/* Pages full of numbers that are known only here, and folding them into one. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PAGE = 4096 };

/* Private memory, or MAP_SHARED; ends the program if there is none. */
static inline volatile uint64_t *pages_map(size_t count, int sharing)
{
    void *at = mmap(NULL, count * PAGE, PROT_READ | PROT_WRITE, MAP_ANONYMOUS | sharing, -1, 0);

    if (at == MAP_FAILED)
        _exit(2);
    return at;
}

/* Page i begins and ends with number + i. */
static inline void pages_fill(volatile uint64_t *at, size_t count, uint64_t number)
{
    for (size_t i = 0; i < count; i++)
        at[i * PAGE / 8] = at[i * PAGE / 8 + PAGE / 8 - 1] = number + i;
}

/* number, if all pages are as pages_fill left them. */
static inline uint64_t pages_fold(const volatile uint64_t *at, size_t count, uint64_t number)
{
    uint64_t wrong = 0;

    for (size_t i = 0; i < count; i++) {
        wrong |= at[i * PAGE / 8] ^ (number + i);
        wrong |= at[i * PAGE / 8 + PAGE / 8 - 1] ^ (number + i);
    }
    return number ^ wrong;
}

static inline unsigned long argument(int argc, char **argv, int n, unsigned long otherwise)
{
    return argc > n ? strtoul(argv[n], NULL, 0) : otherwise;
}
