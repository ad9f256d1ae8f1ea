/* poll on pipes: ready, hung up, error, closed, time-outs. */
#include <poll.h>

#include "test.h"

static void show_poll(const char *what, struct pollfd *fds, nfds_t count, int timeout)
{
    int ready = poll(fds, count, timeout);

    say("%s: %d", what, ready);
    for (nfds_t i = 0; i < count; i++)
        say(" %#x", (unsigned)fds[i].revents);
    say("\n");
}

int main(void)
{
    int link[2];
    static char block[65536];

    CHECK(pipe(link) == 0);
    struct pollfd both[2] = { { .fd = link[0], .events = POLLIN },
                              { .fd = link[1], .events = POLLOUT } };

    show_poll("empty", both, 2, 0);
    CHECK(write(link[1], "x", 1) == 1);
    show_poll("one byte", both, 2, -1);
    CHECK(write(link[1], block, 65535) > 0);
    show_poll("full", both, 2, 0);
    while (poll(both, 1, 0) == 1 && read(link[0], block, sizeof(block)) > 0)
        ;
    show_poll("drained", both, 1, 30);
    struct pollfd odd[3] = { { .fd = -1, .events = POLLIN },
                             { .fd = 77, .events = POLLIN },
                             { .fd = link[0], .events = 0 } };

    show_poll("negative, not open, nothing asked", odd, 3, 0);
    show_poll("no descriptors", NULL, 0, 10);

    /* A sleeping poll wakes up when a child writes, and when it leaves. */
    pid_t pid = fork();

    if (pid == 0) {
        usleep(20000);
        CHECK(write(link[1], "y", 1) == 1);
        _exit(0);
    }
    show_poll("child writes", both, 1, -1);
    CHECK(waitpid(pid, NULL, 0) == pid);
    pid = fork();
    if (pid == 0) {
        usleep(20000);
        _exit(0);
    }
    close(link[1]);
    show_poll("data left", both, 1, -1);
    CHECK(read(link[0], block, 10) == 1);
    show_poll("child leaves", both, 1, -1);
    CHECK(read(link[0], block, 10) == 0);
    CHECK(waitpid(pid, NULL, 0) == pid);
    close(link[0]);
    CHECK(pipe(link) == 0);
    close(link[0]);
    both[1].fd = link[1];
    both[1].revents = 0;
    show_poll("no reader", both + 1, 1, -1);
    return test_end();
}
