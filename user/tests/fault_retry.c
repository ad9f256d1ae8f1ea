/*
 * A process killed by a fault loses nothing of anybody else: many in a row, and beside each
 * other.
 */
#include "test.h"

enum { ROUNDS = 100, BESIDE = 20 };

static int *shared;

static int crash(void *arg)
{
    char *pages = map_pages(50 * PAGE, PROT_READ | PROT_WRITE, 0);

    for (int i = 0; i < 50; i++)
        pages[i * PAGE] = 1;
    shared[1 + *(int *)arg % 8]++;
    *(volatile int *)opaque(8) = 0;
    return 0;
}

int main(void)
{
    int killed = 0;

    shared = (int *)map_pages(PAGE, PROT_READ | PROT_WRITE, MAP_SHARED);
    for (int i = 0; i < ROUNDS; i++) {
        int status = in_child(crash, &i);

        killed += WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV;
    }
    say("killed in turn: %d\n", killed);
    for (int i = 1; i <= 8; i++)
        say("%d ", shared[i]);
    for (int i = 0; i < BESIDE; i++) {
        if (fork() == 0)
            _exit(crash(&i));
    }
    killed = 0;
    for (int status; wait(&status) > 0;)
        killed += WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV;
    say("\nkilled at once: %d\n", killed);
    return test_end();
}
