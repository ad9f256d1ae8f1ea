/* MAP_SHARED memory stays one memory through fork, whoever writes. */
#include "test.h"

enum { WRITERS = 8, PAGES = 20 };

int main(void)
{
    char *shared = map_pages(PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED);
    char *private = map_pages(PAGE, PROT_READ | PROT_WRITE, 0);
    long sum = 0;

    for (int i = 0; i < PAGES * PAGE; i++)
        sum += shared[i];
    say("zeroed: %ld\n", sum);
    private[0] = 'p';
    for (int writer = 0; writer < WRITERS; writer++) {
        if (fork() == 0) {
            for (int page = 0; page < PAGES; page++)
                shared[page * PAGE + writer] = (char)('a' + writer);
            private[0] = 'c';
            if (fork() == 0) { /* a grandchild too */
                shared[PAGE + 100 + writer] = (char)('A' + writer);
                _exit(0);
            }
            wait(NULL);
            _exit(0);
        }
    }
    while (wait(NULL) > 0)
        ;
    say("page 0: %.*s\n", WRITERS, shared);
    say("page 19: %.*s\n", WRITERS, shared + 19 * PAGE);
    say("grandchildren: %.*s\n", WRITERS, shared + PAGE + 100);
    say("private: %c\n", private[0]);

    /* A child that unmaps takes nothing from the others. */
    pid_t pid = fork();

    if (pid == 0)
        _exit(munmap(shared, PAGES * PAGE));
    waitpid(pid, NULL, 0);
    say("after unmap in a child: %.*s\n", WRITERS, shared);
    CHECK(munmap(shared, PAGES * PAGE) == 0);
    return test_end();
}
