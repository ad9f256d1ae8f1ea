/* Busy loops without a system call still share the CPU. */
#include "test.h"

enum { SPINNERS = 4 };

int main(void)
{
    volatile int *shared = (int *)map_pages(PAGE, PROT_READ | PROT_WRITE, MAP_SHARED);
    pid_t pids[SPINNERS];

    /* Each waits, spinning, for the one before it: without preemption the first would hang. */
    for (int i = 0; i < SPINNERS; i++) {
        pids[i] = fork();
        if (pids[i] == 0) {
            while (shared[i + 1] == 0)
                ;
            shared[i] = shared[i + 1] + 1;
            _exit(0);
        }
    }
    shared[SPINNERS] = 1;
    while (shared[0] == 0)
        ;
    say("passed down: %d\n", shared[0]);
    for (int i = 0; i < SPINNERS; i++)
        CHECK(waitpid(pids[i], NULL, 0) == pids[i]);

    /* A child that never ends, never calls the kernel, and is killed. */
    pid_t pid = fork();
    int status;

    if (pid == 0) {
        shared[10] = 1;
        for (;;)
            shared[11]++;
    }
    while (shared[10] == 0 || shared[11] < 1000)
        ;
    CHECK(waitpid(pid, &status, WNOHANG) == 0);
    CHECK(kill(pid, SIGKILL) == 0);
    CHECK(waitpid(pid, &status, 0) == pid);
    show_status("spinner", status);
    return test_end();
}
