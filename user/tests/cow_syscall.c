/* The kernel's own writes into user memory honour copy-on-write and bring in lazy pages. */
#include <sys/uio.h>
#include <sys/utsname.h>
#include <time.h>

#include "test.h"

static char page[3 * PAGE] __attribute__((aligned(PAGE)));

static int overwrite(void *arg)
{
    int *link = arg;
    struct utsname *name = (void *)page;
    struct timespec *now = (void *)(page + PAGE);

    memset(page + 2 * PAGE, 0, 0);
    CHECK(read(link[0], page + 2 * PAGE - 2, 4) == 4); /* crosses two shared pages */
    CHECK(memcmp(page + 2 * PAGE - 2, "wxyz", 4) == 0);
    CHECK(uname(name) == 0 && strcmp(name->sysname, "Linux") == 0);
    CHECK(clock_gettime(CLOCK_MONOTONIC, now) == 0);
    return test_failures;
}

int main(void)
{
    int link[2];
    char *lazy = map_pages(64 * PAGE, PROT_READ | PROT_WRITE, 0);
    int status;

    memset(page, 'P', sizeof(page));
    CHECK(pipe(link) == 0);
    CHECK(write(link[1], "wxyz", 4) == 4);
    show_status("child", in_child(overwrite, link));
    for (size_t i = 0; i < sizeof(page); i++)
        CHECK(page[i] == 'P');

    /* A buffer of which no page exists yet, read into and written from. */
    CHECK(write(link[1], "lazy", 4) == 4);
    CHECK(read(link[0], lazy + 10 * PAGE - 2, 4) == 4);
    CHECK(memcmp(lazy + 10 * PAGE - 2, "lazy", 4) == 0);
    CHECK(write(link[1], lazy + 20 * PAGE - 3, 6) == 6);
    CHECK(read(link[0], page, 6) == 6 && memcmp(page, "\0\0\0\0\0\0", 6) == 0);

    /* The status of wait goes to a shared page as well. */
    int *where = (int *)(page + PAGE);
    pid_t pid = fork();

    if (pid == 0)
        _exit(5);
    pid_t keeper = fork();
    if (keeper == 0) {
        char byte;

        CHECK(read(link[0], &byte, 1) == 1);
        _exit(memcmp(where, "PPPP", 4) != 0);
    }
    CHECK(waitpid(pid, where, 0) == pid && WEXITSTATUS(*where) == 5);
    CHECK(write(link[1], "", 1) == 1);
    CHECK(waitpid(keeper, &status, 0) == keeper);
    show_status("keeper", status);
    return test_end();
}
