/* Sleeping processes wake in the order of their times, not of their birth. */
#include <time.h>

#include "test.h"

enum { SLEEPERS = 6 };

int main(void)
{
    int link[2];
    char order[SLEEPERS + 1] = { 0 };

    CHECK(pipe(link) == 0);
    for (int i = 0; i < SLEEPERS; i++) {
        if (fork() == 0) {
            struct timespec t = { 0, 80000000L * (SLEEPERS - i) };
            char letter = (char)('a' + i);

            CHECK(nanosleep(&t, NULL) == 0);
            CHECK(write(link[1], &letter, 1) == 1);
            _exit(0);
        }
    }
    for (int i = 0; i < SLEEPERS; i++)
        CHECK(read(link[0], order + i, 1) == 1);
    while (wait(NULL) > 0)
        ;
    say("%s\n", order);
    return test_end();
}
