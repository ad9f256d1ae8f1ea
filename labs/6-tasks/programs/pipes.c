/*
 * pipes ROUNDS: waiting for each other, in two ways.
 *
 * A number goes back and forth through two pipes, and the partner adds c2 each time.
 * Then three children wait for one word of shared memory (a futex), all at once: one
 * call must wake every one of them, and each then waits for something else.
 *
 *     step 1          the parent starts                        value c1
 *     step 2          the number has come back ROUNDS times    value c1 + ROUNDS * c2
 *     step 3          a child has been woken                   value c1; a: its place
 *     step 4          the parent has heard of all three        value c1 + c3
 */
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lab.h"

enum { WAITERS = 3, FUTEX_WAIT = 0, FUTEX_WAKE = 1 };

struct link {
    int down[2], up[2];
};

static void link_open(struct link *link)
{
    if (pipe(link->down) != 0 || pipe(link->up) != 0)
        _exit(2);
}

static void partner(const struct link *link)
{
    uint64_t number, mine = lab_challenge(2);

    close(link->down[1]);
    while (read(link->down[0], &number, sizeof(number)) == sizeof(number)) {
        number += mine;
        if (write(link->up[1], &number, sizeof(number)) != sizeof(number))
            break;
    }
    _exit(0);
}

static uint64_t ping(uint64_t number, unsigned long rounds)
{
    struct link link;

    link_open(&link);
    if (fork() == 0)
        partner(&link);
    for (; rounds > 0; rounds--) {
        if (write(link.down[1], &number, sizeof(number)) != sizeof(number) ||
            read(link.up[0], &number, sizeof(number)) != sizeof(number))
            break;
    }
    close(link.down[1]);
    wait(NULL);
    return number;
}

/* Wait until the word changes; tell; then wait for the end of hold. */
static void waiter(uint32_t *word, int tell, const int hold[2], uint64_t i, uint64_t secret)
{
    char byte = (char)i;

    close(hold[1]);
    while (__atomic_load_n(word, __ATOMIC_RELAXED) == 0)
        syscall(SYS_futex, word, FUTEX_WAIT, 0, NULL, NULL, 0);
    lab_witness(3, secret, i, 0);
    if (write(tell, &byte, 1) == 1 && read(hold[0], &byte, 1) == 0)
        _exit(0);
    _exit(1);
}

static unsigned gate(uint64_t secret)
{
    uint32_t *word = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    struct link link;
    int hold[2];
    unsigned heard = 0;
    char byte;

    link_open(&link);
    if (word == MAP_FAILED || pipe(hold) != 0)
        _exit(2);
    *word = 0;
    for (unsigned i = 0; i < WAITERS; i++)
        if (fork() == 0)
            waiter(word, link.up[1], hold, i, secret);
    usleep(30000); /* until all of them wait */
    __atomic_store_n(word, 1, __ATOMIC_RELAXED);
    syscall(SYS_futex, word, FUTEX_WAKE, WAITERS, NULL, NULL, 0);
    while (heard < WAITERS && read(link.up[0], &byte, 1) == 1)
        heard++;
    close(hold[1]);
    while (wait(NULL) > 0)
        ;
    return heard;
}

int main(int argc, char **argv)
{
    unsigned long rounds = argc > 1 ? strtoul(argv[1], NULL, 0) : 20;
    uint64_t secret = lab_challenge(1);
    unsigned heard;

    lab_witness(1, secret, 0, 0);
    lab_witness(2, ping(secret, rounds), rounds, 0);
    heard = gate(secret);
    lab_witness(4, secret + (heard == WAITERS ? lab_challenge(3) : 0), heard, 0);
    return heard != WAITERS;
}
