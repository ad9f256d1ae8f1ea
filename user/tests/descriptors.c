/* dup, dup2, dup3, fcntl, close, CLOEXEC, and the limit on descriptors. */
#include <fcntl.h>
#include <sys/resource.h>

#include "test.h"

static int descriptor_limit(void)
{
    struct rlimit limit = { 0 };

    CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0);
    return (int)limit.rlim_cur;
}

static void duplicate(int *link)
{
    char text[8] = { 0 };

    int lowest = (int)show("dup takes the lowest", dup(link[1]));

    show("dup2", dup2(link[1], 20));
    show("dup2 on itself", dup2(20, 20));
    show("dup2 of closed on itself", dup2(21, 21));
    show("dup3 on itself", dup3(20, 20, 0));
    show("dup3, bad flags", dup3(20, 22, 1));
    show("dup3", dup3(20, 22, O_CLOEXEC));
    show("F_DUPFD", fcntl(link[1], F_DUPFD, 20));
    show("F_DUPFD_CLOEXEC", fcntl(link[1], F_DUPFD_CLOEXEC, 20));
    show("F_DUPFD, too high", fcntl(link[1], F_DUPFD, 5000000));
    show("flags of 22", fcntl(22, F_GETFD));
    show("flags of 21", fcntl(21, F_GETFD));
    show("flags of 23", fcntl(23, F_GETFD));
    show("set", fcntl(21, F_SETFD, FD_CLOEXEC));
    show("now", fcntl(21, F_GETFD));
    show("dup one too high", dup2(link[1], descriptor_limit()));
    show("dup to -1", dup2(link[1], -1));
    show("dup of closed", dup(500));
    CHECK(write(20, "abc", 3) == 3 && read(link[0], text, 8) == 3 && strcmp(text, "abc") == 0);

    /* The write end lives until its last descriptor is closed. */
    int copies[] = { link[1], lowest, 20, 21, 22, 23 };

    for (size_t i = 0; i < sizeof(copies) / sizeof(copies[0]); i++) {
        CHECK(write(copies[i], "x", 1) == 1 && read(link[0], text, 8) == 1);
        CHECK(close(copies[i]) == 0);
    }
    show("end of file", read(link[0], text, 8));
    show("close", close(link[0]));
    show("close again", close(link[0]));
    show("close -1", close(-1));
}

static void status_flags(void)
{
    int link[2];
    char byte;

    CHECK(pipe2(link, O_NONBLOCK | O_CLOEXEC) == 0);
    show("read end", fcntl(link[0], F_GETFL) & (O_ACCMODE | O_NONBLOCK));
    show("write end", fcntl(link[1], F_GETFL) & (O_ACCMODE | O_NONBLOCK));
    show("cloexec", fcntl(link[0], F_GETFD));
    show("empty", read(link[0], &byte, 1));
    CHECK(fcntl(link[1], F_SETFL, 0) == 0);
    show("cleared", fcntl(link[1], F_GETFL) & O_NONBLOCK);
    show("other end keeps it", (fcntl(link[0], F_GETFL) & O_NONBLOCK) != 0);
    show("bad pipe2 flags", pipe2(link, 0x4));
    show("fcntl of closed", fcntl(999, F_GETFL));
    show("unknown fcntl", fcntl(0, 9999));
    close(link[0]), close(link[1]);
}

static void run_out(void)
{
    int first = dup(0), last = first, fd;

    while ((fd = dup(0)) >= 0)
        last = fd;
    show("one more", -1);
    CHECK(last == descriptor_limit() - 1);
    int link[2] = { -7, -7 };

    show("pipe", pipe(link));
    CHECK(link[0] == -7 && link[1] == -7);
    close(last);
    show("pipe with one free", pipe(link));
    CHECK(dup(0) == last);
    for (fd = first; fd <= last; fd++)
        close(fd);
    show("all free", dup(0));
}

int main(void)
{
    int link[2];

    CHECK(pipe(link) == 0);
    duplicate(link);
    status_flags();
    run_out();
    return test_end();
}
