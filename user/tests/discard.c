/* madvise(MADV_DONTNEED): private pages read as zero again, shared ones keep what they hold. */
#include "test.h"

int main(void)
{
    char *at = map_pages(8 * PAGE, PROT_READ | PROT_WRITE, 0);
    char *shared = map_pages(2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED);
    int status;

    memset(at, 'a', 8 * PAGE);
    memset(shared, 's', 2 * PAGE);
    CHECK(madvise(at + 2 * PAGE, 3 * PAGE, MADV_DONTNEED) == 0);
    for (int i = 0; i < 8; i++)
        say("%c", at[i * PAGE + 7] ? at[i * PAGE + 7] : '0');
    say("\n");
    at[3 * PAGE] = 'b';
    pid_t pid = fork();

    if (pid == 0) {
        CHECK(madvise(at, 8 * PAGE, MADV_DONTNEED) == 0);
        CHECK(at[0] == 0 && at[3 * PAGE] == 0);
        at[0] = 'c';
        _exit(test_failures);
    }
    CHECK(waitpid(pid, &status, 0) == pid);
    show_status("child", status);
    say("parent keeps %c %c\n", at[0], at[3 * PAGE]);
    CHECK(madvise(shared, 2 * PAGE, MADV_DONTNEED) == 0);
    say("shared keeps %c\n", shared[PAGE]);
    show("unaligned", madvise(at + 1, PAGE, MADV_DONTNEED));
    show("length 0", madvise(at, 0, MADV_DONTNEED));
    show("length wraps", madvise(at, (size_t)-1, MADV_DONTNEED));
    show("unknown advice", madvise(at, PAGE, 4711));
    munmap(at + 4 * PAGE, PAGE);
    show("over a hole", madvise(at, 8 * PAGE, MADV_DONTNEED));
    say("around the hole: %d %d\n", at[3 * PAGE], at[5 * PAGE]);

    /* Rights stay as they were. */
    CHECK(mprotect(at, PAGE, PROT_READ) == 0 && madvise(at, PAGE, MADV_DONTNEED) == 0);
    pid = fork();
    if (pid == 0) {
        at[0] = 1;
        _exit(0);
    }
    CHECK(waitpid(pid, &status, 0) == pid);
    show_status("write to a discarded read-only page", status);
    return test_end();
}
