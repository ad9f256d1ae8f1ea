/*
 * The program ends before its grandchildren; they get a new parent, and their output still
 * arrives.
 */
#include "test.h"

int main(void)
{
    int gone[2], last[2], back[2];
    char byte;
    pid_t parent;

    CHECK(pipe(gone) == 0 && pipe(last) == 0 && pipe(back) == 0);
    pid_t middle = fork();

    if (middle == 0) {
        parent = getpid();
        if (fork() == 0) {
            close(gone[1]);
            CHECK(read(gone[0], &byte, 1) == 0); /* until the middle one is gone */
            while (getppid() == parent)
                usleep(1000);
            CHECK(read(last[0], &byte, 1) == 1);
            say("orphan: parent changed\n");
            _exit(write(back[1], "x", 1) != 1);
        }
        _exit(4);
    }
    int status;

    close(gone[1]);
    CHECK(waitpid(middle, &status, 0) == middle);
    show_status("middle", status);
    CHECK(write(last[1], "x", 1) == 1);
    CHECK(read(back[0], &byte, 1) == 1);
    show("orphan is no child of mine", wait(NULL));

    /* The last word is spoken by an orphan of the program itself. */
    parent = getpid();
    if (fork() == 0) {
        while (getppid() == parent)
            usleep(1000);
        say("the last word\n");
        _exit(77);
    }
    return test_end() ? 1 : 17;
}
