# The programs whose traces the pictures show; sourced by make.sh.
# shellcheck shell=sh

# Two processes share their pages; each writes one.
cat >fork.c <<'C'
#include <sys/wait.h>
#include <unistd.h>

volatile int shared = 1;

int main(void)
{
    if (fork() == 0)
        _exit(shared = 2);
    wait(NULL);
    shared = 3;
    return 0;
}
C

# Eight pages are asked for and five touched, one twice; then all are given back.
cat >demand.c <<'C'
#include <sys/mman.h>

int main(void)
{
    static const int order[] = { 0, 3, 1, 6, 3, 4 };
    volatile char *memory = mmap((void *)0x10000000, 8 * 4096, PROT_READ | PROT_WRITE,
                                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

    for (int i = 0; i < 6; i++) {
        for (volatile int wait = 0; wait < 300; wait++)
            ;
        memory[order[i] * 4096] = 1;
    }
    munmap((void *)memory, 8 * 4096);
    return 0;
}
C

# Three processes compute: one is done soon, one sleeps in between.
cat >turns.c <<'C'
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void compute(int rounds)
{
    for (volatile long i = 0; i < rounds * 30000L; i++)
        ;
}

int main(void)
{
    static const struct timespec nap = { .tv_nsec = 30000000 };

    if (fork() == 0) {
        compute(4);
        _exit(0);
    }
    if (fork() == 0) {
        compute(2);
        nanosleep(&nap, NULL);
        compute(2);
        _exit(0);
    }
    if (fork() == 0) {
        compute(8);
        _exit(0);
    }
    while (wait(NULL) > 0)
        ;
    return 0;
}
C
