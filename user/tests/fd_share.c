/* Descriptors are copied by fork; what they refer to, and its position, is shared. */
#include <fcntl.h>

#include "test.h"

int main(void)
{
    char text[6] = { 0 };
    int file = open("./letters", O_RDONLY), link[2];

    show_ok("open", file >= 0);
    CHECK(read(file, text, 5) == 5);
    say("parent: %s\n", text);
    pid_t pid = fork();

    if (pid == 0) {
        CHECK(read(file, text, 5) == 5);
        say("child: %s\n", text);
        close(file); /* closes only the child's */
        _exit(0);
    }
    waitpid(pid, NULL, 0);
    CHECK(read(file, text, 5) == 5);
    say("parent: %s\n", text);
    int copy = dup(file);

    CHECK(lseek(copy, 2, SEEK_SET) == 2);
    CHECK(read(file, text, 5) == 5);
    say("after lseek on a copy: %s\n", text);
    int other = open("./letters", O_RDONLY);

    CHECK(read(other, text, 5) == 5);
    say("opened again: %s\n", text);

    /* Closing in the child does not close in the parent, also for pipes. */
    CHECK(pipe(link) == 0);
    pid = fork();
    if (pid == 0) {
        close(link[0]), close(link[1]);
        _exit(0);
    }
    waitpid(pid, NULL, 0);
    CHECK(write(link[1], "still", 5) == 5 && read(link[0], text, 5) == 5);
    say("%s\n", text);
    return test_end();
}
