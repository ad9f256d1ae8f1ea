/*
 * A process that touches more memory than there is gets killed; the others go
 * on, and every frame comes back. Only on Quire: it takes all of RAM.
 */
#include <sys/sysinfo.h>

#include "test.h"

static long free_frames(void)
{
    struct sysinfo info = { 0 };

    sysinfo(&info);
    return (long)(info.freeram / PAGE * info.mem_unit);
}

static int take_all(void *arg)
{
    size_t bytes = *(size_t *)arg;
    char *at = map_pages(bytes, PROT_READ | PROT_WRITE, MAP_NORESERVE);

    for (size_t i = 0; i < bytes; i += PAGE)
        at[i] = 1;
    return 0;
}

static int take_by_copying(void *arg)
{
    size_t bytes = *(size_t *)arg / 3 * 2;
    char *at = map_pages(bytes, PROT_READ | PROT_WRITE, MAP_NORESERVE);
    int status;

    for (size_t i = 0; i < bytes; i += PAGE)
        at[i] = 'p';
    pid_t pid = fork();

    if (pid == 0) {
        for (size_t i = 0; i < bytes; i += PAGE)
            at[i] = 'c';
        _exit(0);
    }
    waitpid(pid, &status, 0);
    show_status("  child that copies", status);
    for (size_t i = 0; i < bytes; i += PAGE)
        CHECK(at[i] == 'p');
    return 3;
}

static int take_by_stack(void *arg)
{
    size_t bytes = *(size_t *)arg;
    int status, children = 0;

    /* Each level pins 7 MiB of stack until there is nothing left. */
    for (size_t taken = 0; taken < bytes; taken += 7 << 20) {
        pid_t pid = fork();

        if (pid != 0) {
            waitpid(pid, &status, 0);
            return WIFSIGNALED(status) ? 40 : WEXITSTATUS(status) == 40 ? 40 : 41;
        }
        char *room = __builtin_alloca(7 << 19);

        for (size_t i = 0; i < 7 << 19; i += PAGE)
            ((volatile char *)room)[i] = (char)i;
        children++;
    }
    return 42;
}

static void measure(const char *what, int (*body)(void *), size_t bytes)
{
    long before, lost;
    int rehearsal = in_child(body, &bytes);

    before = free_frames();
    show_status(what, in_child(body, &bytes));
    lost = before - free_frames();
    say("%s: frames lost %ld\n", what, lost);
    CHECK(lost == 0 && rehearsal != -1);
}

int main(void)
{
    struct sysinfo info;

    CHECK(sysinfo(&info) == 0);
    size_t all = info.totalram * info.mem_unit;

    measure("touch everything", take_all, 2 * all);
    measure("copy on write", take_by_copying, all);
    measure("stacks", take_by_stack, 64 << 20);
    return test_end();
}
