/* kill, tkill, tgkill: whom they reach, what they refuse. */
#include <sys/types.h>

#include "test.h"

static pid_t start_sleeper(void)
{
    pid_t pid = fork();

    if (pid == 0) {
        for (;;)
            sleep(1000);
    }
    return pid;
}

static void end_sleeper(const char *what, long result, pid_t pid)
{
    int status;

    CHECK(result == 0);
    CHECK(waitpid(pid, &status, 0) == pid);
    show_status(what, status);
}

int main(void)
{
    pid_t pid = start_sleeper();

    show("signal 0", kill(pid, 0));
    show("signal 65", kill(pid, 65));
    show("signal -1", kill(pid, -1));
    end_sleeper("kill", kill(pid, SIGTERM), pid);
    show("reaped", kill(pid, SIGTERM));
    show("reaped, signal 0", kill(pid, 0));
    pid = start_sleeper();
    end_sleeper("tkill", syscall(SYS_tkill, pid, SIGHUP), pid);
    pid = start_sleeper();
    show("tgkill, other group", syscall(SYS_tgkill, getpid(), pid, SIGTERM));
    end_sleeper("tgkill", syscall(SYS_tgkill, pid, pid, SIGQUIT), pid);
    show("tkill 0", syscall(SYS_tkill, 0, SIGTERM));
    show("tkill -1", syscall(SYS_tkill, -1, SIGTERM));
    show("tgkill 0", syscall(SYS_tgkill, 0, 0, SIGTERM));
    show("no such process", kill(4000000, SIGTERM));
    show("no such group", kill(-4000000, SIGTERM));

    /* A zombie can still be signalled; it stays what it is. */
    int link[2];
    char byte;

    CHECK(pipe(link) == 0);
    pid = fork();
    if (pid == 0)
        _exit(12);
    close(link[1]);
    CHECK(read(link[0], &byte, 1) == 0); /* until it is gone */
    show("zombie", kill(pid, SIGKILL));
    end_sleeper("zombie", 0, pid);
    close(link[0]);

    /* A child that is stuck in a pipe, and one that waits for its own child. */
    CHECK(pipe(link) == 0);
    pid = fork();
    if (pid == 0)
        _exit((int)read(link[0], &byte, 1));
    usleep(20000);
    end_sleeper("reader", kill(pid, SIGTERM), pid);
    pid = fork();
    if (pid == 0) {
        pid_t inner = fork();

        if (inner == 0) {
            close(link[1]);
            (void)!read(link[0], &byte, 1);
            _exit(0);
        }
        _exit(waitpid(inner, NULL, 0) == inner);
    }
    usleep(20000);
    end_sleeper("waiter", kill(pid, SIGTERM), pid);
    close(link[1]);
    return test_end();
}
