/*
 * turns N LOOPS [SEED]: N children, or a few more by the seed, wait in line; then all
 * of them compute at once, without a system call, until each has done its LOOPS. Who
 * gets the CPU, how often and for how long, is the scheduler's doing alone.
 *
 *     step 1   all children exist, and the parent goes to sleep   value c1
 *     step 2   a child has done its loops                         value c1 + c2; a: its place
 *     step 3   the parent has seen all ends                       value c1
 */
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lab.h"

static void child(const volatile uint64_t *gate, unsigned long i, uint64_t loops)
{
    uint64_t secret;

    while (*gate == 0)
        ;
    secret = *gate + lab_challenge(2);
    __asm__ volatile("1: loop 1b" : "+c"(loops));
    lab_witness(2, secret, i, 0);
    _exit(0);
}

int main(int argc, char **argv)
{
    unsigned long count = argc > 1 ? strtoul(argv[1], NULL, 0) : 4;
    uint64_t loops = argc > 2 ? strtoul(argv[2], NULL, 0) : 500000;
    unsigned long seed = argc > 3 ? strtoul(argv[3], NULL, 0) : 0;
    volatile uint64_t *gate =
        mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    uint64_t secret = lab_challenge(1), ends = 0;

    count += seed % 4;
    loops += seed % 7 * 20000;
    for (unsigned long i = 0; i < count; i++)
        if (fork() == 0)
            child(gate, i, loops);
    *gate = secret;
    lab_witness(1, secret, count, 0);
    while (wait(NULL) > 0)
        ends++;
    lab_witness(3, secret ^ ends ^ count, ends, 0);
    return ends != count;
}
