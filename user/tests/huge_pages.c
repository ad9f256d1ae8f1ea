/*
 * 2 MiB pages: zeroed, private after fork, shared with MAP_SHARED. Where the
 * machine has none to give (Linux without a pool), aligned 4 KiB pages stand in.
 */
#include "test.h"

enum { COUNT = 3 };

static char *map_huge(size_t bytes, int sharing)
{
    char *at =
        mmap(NULL, bytes, PROT_READ | PROT_WRITE, sharing | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);

    if (at != MAP_FAILED)
        return at;
    at = mmap(NULL, bytes + HUGE, PROT_READ | PROT_WRITE, sharing | MAP_ANONYMOUS, -1, 0);
    return (char *)(((uintptr_t)at + HUGE - 1) & -(uintptr_t)HUGE);
}

static size_t count_other(const char *at, size_t bytes, char value)
{
    size_t other = 0;

    for (size_t i = 0; i < bytes; i += 64)
        other += at[i] != value;
    return other;
}

static int write_all(void *arg)
{
    memset(arg, 'c', COUNT * HUGE);
    return count_other(arg, COUNT * HUGE, 'c') != 0;
}

int main(void)
{
    char *private = map_huge(COUNT * HUGE, MAP_PRIVATE);
    char *shared = map_huge(HUGE, MAP_SHARED);
    int status;

    CHECK(((uintptr_t) private & (HUGE - 1)) == 0 && ((uintptr_t)shared & (HUGE - 1)) == 0);
    CHECK(count_other(private, COUNT * HUGE, 0) == 0 && count_other(shared, HUGE, 0) == 0);
    memset(private, 'p', COUNT * HUGE);
    show_status("child writes", in_child(write_all, private));
    say("parent sees other bytes: %zu\n", count_other(private, COUNT * HUGE, 'p'));

    /* Both sides at once, one byte each: a copy of the whole page keeps the rest. */
    pid_t pid = fork();

    if (pid == 0) {
        private[HUGE + 5] = 'x';
        shared[12345] = 's';
        _exit(private[HUGE + 6] == 'p' && private[2 * HUGE + 7] == 'p' ? 0 : 1);
    }
    private[2 * HUGE + 7] = 'y';
    CHECK(waitpid(pid, &status, 0) == pid);
    show_status("child", status);
    say("%c %c %c\n", private[HUGE + 5], private[2 * HUGE + 7], shared[12345]);
    CHECK(munmap(private, COUNT * HUGE) == 0);
    CHECK(munmap(shared, HUGE) == 0);
    return test_end();
}
