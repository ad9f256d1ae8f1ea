/*
 * sleepers TICKS_PER_MS: three children sleep for 250, 50 and 120 ms and nobody else has
 * anything to do. The time stamp counter tells whether they slept long enough.
 *
 *     step 1          the parent waits                value c1
 *     step 10 + i     child i has woken               value c1 + c2, if not too early
 *     step 2          the parent has seen all ends    value c1
 */
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lab.h"

enum { CHILDREN = 3 };

static const long sleep_ms[CHILDREN] = { 250, 50, 120 };

static void child(unsigned i, uint64_t secret, uint64_t ticks_per_ms)
{
    struct timespec time = { .tv_nsec = sleep_ms[i] * 1000000 };
    uint64_t start = __builtin_ia32_rdtsc(), ticks;
    int error = nanosleep(&time, NULL);

    ticks = __builtin_ia32_rdtsc() - start;
    if (error == 0 && ticks >= (uint64_t)sleep_ms[i] * ticks_per_ms * 95 / 100)
        secret += lab_challenge(2);
    lab_witness(10 + i, secret, ticks, 0);
    _exit(0);
}

int main(int argc, char **argv)
{
    uint64_t ticks_per_ms = argc > 1 ? strtoul(argv[1], NULL, 0) : 10000;
    uint64_t secret = lab_challenge(1), ends = 0;

    for (unsigned i = 0; i < CHILDREN; i++)
        if (fork() == 0)
            child(i, secret, ticks_per_ms);
    lab_witness(1, secret, 0, 0);
    while (wait(NULL) > 0)
        ends++;
    lab_witness(2, secret + (ends - CHILDREN), ends, 0);
    return ends != CHILDREN;
}
