/* brk: grows zeroed, shrinks, grows zeroed again; refuses by answering the old break. */
#include "test.h"

static char *set_break(void *to)
{
    return (char *)syscall(SYS_brk, to);
}

static int touch(void *arg)
{
    return *(volatile char *)arg;
}

int main(void)
{
    char *start = set_break(NULL);
    char *page = (char *)(((uintptr_t)start + PAGE - 1) & -PAGE);

    CHECK(start != NULL && set_break((void *)1) == start);
    CHECK(set_break(start + 100) == start + 100);
    start[99] = 'x';
    CHECK(set_break(page + 10 * PAGE) == page + 10 * PAGE);
    for (int i = 0; i < 10; i++) {
        CHECK(page[i * PAGE] == 0);
        page[i * PAGE] = 'h';
    }
    CHECK(start[99] == 'x');
    show_status("below the break", in_child(touch, page + 10 * PAGE - 1));
    show_status("at the break", in_child(touch, page + 10 * PAGE));
    CHECK(set_break(page + 4 * PAGE) == page + 4 * PAGE);
    show_status("given back", in_child(touch, page + 4 * PAGE));
    CHECK(page[3 * PAGE] == 'h');
    CHECK(set_break(page + 10 * PAGE) == page + 10 * PAGE);
    CHECK(page[3 * PAGE] == 'h' && page[4 * PAGE] == 0 && page[9 * PAGE] == 0);
    CHECK(set_break((void *)0x7ffffffff000) == page + 10 * PAGE);
    CHECK(set_break((void *)-1) == page + 10 * PAGE);

    /* Each process has its own break. */
    pid_t pid = fork();
    int status;

    if (pid == 0) {
        CHECK(set_break(NULL) == page + 10 * PAGE);
        CHECK(set_break(page + 300 * PAGE) == page + 300 * PAGE);
        page[299 * PAGE] = 'c';
        _exit(test_failures);
    }
    CHECK(waitpid(pid, &status, 0) == pid);
    show_status("child", status);
    CHECK(set_break(NULL) == page + 10 * PAGE);
    show_status("not in the parent", in_child(touch, page + 299 * PAGE));

    /* Something else in the way. */
    void *wall =
        mmap(page + 20 * PAGE, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

    CHECK(wall == page + 20 * PAGE);
    CHECK(set_break(page + 40 * PAGE) == page + 10 * PAGE);
    CHECK(set_break(start) == start);
    return test_end();
}
