/* clone as fork, and as posix_spawn uses it: own stack, suspended parent. */
#define _GNU_SOURCE
#include <sched.h>

#include "test.h"

static volatile int *shared;

static int run(void *arg)
{
    shared[0]++;
    return *(int *)arg;
}

int main(void)
{
    static char stack[65536] __attribute__((aligned(16)));
    int status, code = 23;

    shared = (int *)map_pages(PAGE, PROT_READ | PROT_WRITE, MAP_SHARED);
    long pid = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);

    if (pid == 0) {
        shared[1] = getppid();
        _exit(21);
    }
    CHECK(waitpid((pid_t)pid, &status, 0) == pid && shared[1] == getpid());
    show_status("clone as fork", status);
    pid = clone(run, stack + sizeof(stack), SIGCHLD, &code);
    CHECK(waitpid((pid_t)pid, &status, 0) == pid);
    show_status("with a stack", status);
    code = 24;
    pid = clone(run, stack + sizeof(stack), CLONE_VM | CLONE_VFORK | SIGCHLD, &code);
    CHECK(shared[0] == 2); /* the child has run: its parent waited for it */
    CHECK(waitpid((pid_t)pid, &status, 0) == pid);
    show_status("with a stack, parent suspended", status);
    int tid = 0;

    pid = syscall(SYS_clone, SIGCHLD | CLONE_PARENT_SETTID, 0, &tid, 0, 0);
    if (pid == 0)
        _exit(0);
    CHECK(tid == pid && waitpid((pid_t)pid, &status, 0) == pid);
    show("thread without memory", syscall(SYS_clone, CLONE_THREAD, 0, 0, 0, 0));
    show("shared handlers without memory", syscall(SYS_clone, CLONE_SIGHAND | SIGCHLD, 0, 0, 0, 0));
    return test_end();
}
