/* wait4 in all its forms. */
#include <limits.h>
#include <sys/resource.h>

#include "test.h"

static pid_t start(int code, int wait_for)
{
    pid_t pid = fork();
    char byte;

    if (pid == 0) {
        if (wait_for >= 0)
            (void)!read(wait_for, &byte, 1);
        _exit(code);
    }
    return pid;
}

int main(void)
{
    struct rusage usage;
    int status = 0x5555, gate[2];

    show("no child", wait4(-1, &status, 0, NULL));
    show("no child, WNOHANG", wait4(-1, &status, WNOHANG, NULL));
    show("a pid that is no child", wait4(getpid(), &status, 0, NULL));
    show("pid 1", wait4(1, &status, WNOHANG, NULL));
    show("no such group", wait4(-4000000, &status, 0, NULL));
    show("INT_MIN", wait4(INT_MIN, &status, 0, NULL));
    show("bad options", wait4(-1, &status, 0x100, NULL));
    say("status untouched: %#x\n", status);

    CHECK(pipe(gate) == 0);
    pid_t held = start(1, gate[0]), free_child = start(2, -1);

    CHECK(wait4(held, &status, WNOHANG, NULL) == 0);
    CHECK(wait4(-1, &status, 0, NULL) == free_child);
    show_status("any", status);
    CHECK(wait4(-1, &status, WNOHANG, NULL) == 0);
    CHECK(wait4(0, &status, WNOHANG, NULL) == 0); /* same process group */
    CHECK(write(gate[1], "", 1) == 1);
    CHECK(wait4(0, &status, 0, NULL) == held);
    show_status("own group", status);

    pid_t first = start(3, gate[0]), second = start(4, gate[0]);

    CHECK(write(gate[1], "", 1) == 1 && write(gate[1], "", 1) == 1);
    memset(&usage, 0xff, sizeof(usage));
    CHECK(wait4(second, &status, 0, &usage) == second);
    show_status("the second by pid", status);
    CHECK(usage.ru_utime.tv_sec >= 0 && usage.ru_utime.tv_sec < 1000);
    CHECK(wait4(first, NULL, 0, NULL) == first);
    show("again", wait4(first, &status, 0, NULL));

    /* Another's child is not ours, a grandchild neither. */
    int tell[2];
    pid_t grandchild = 0;

    CHECK(pipe(tell) == 0);
    pid_t middle = fork();

    if (middle == 0) {
        grandchild = start(5, gate[0]);
        CHECK(write(tell[1], &grandchild, sizeof(grandchild)) == sizeof(grandchild));
        CHECK(wait4(grandchild, &status, 0, NULL) == grandchild);
        _exit(WEXITSTATUS(status));
    }
    CHECK(read(tell[0], &grandchild, sizeof(grandchild)) == sizeof(grandchild));
    show("grandchild", wait4(grandchild, &status, 0, NULL));
    CHECK(write(gate[1], "", 1) == 1);
    CHECK(wait4(middle, &status, WUNTRACED, NULL) == middle);
    show_status("middle", status);
    show("all done", wait4(-1, NULL, 0, NULL));
    return test_end();
}
