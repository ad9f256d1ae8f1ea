/* Zombies hold only their status, and all of them are collected. */
#include "test.h"

enum { COUNT = 200, MEMORY = 1 << 20 };

int main(void)
{
    pid_t pids[COUNT];
    int wrong = 0;

    for (int i = 0; i < COUNT; i++) {
        pids[i] = fork();
        if (pids[i] == 0) {
            char *memory = map_pages(MEMORY, PROT_READ | PROT_WRITE, 0);

            memset(memory, i, MEMORY);
            _exit(memory[i * 100] & 127);
        }
        CHECK(pids[i] > 0);
    }
    for (int i = COUNT - 1; i >= 0; i--) {
        int status;

        wrong += waitpid(pids[i], &status, 0) != pids[i] || WEXITSTATUS(status) != (i & 127);
    }
    say("%d zombies, %d wrong\n", COUNT, wrong);
    show("none left", wait(NULL));

    /* SIGCHLD ignored: children leave no zombie. */
    signal(SIGCHLD, SIG_IGN);
    for (int i = 0; i < 5; i++) {
        if (fork() == 0)
            _exit(i);
    }
    show("ignored children", wait(NULL));
    return test_end();
}
