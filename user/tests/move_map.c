/* mremap: in place, moved, cut, fixed; contents and copy-on-write go with the pages. */
#define _GNU_SOURCE
#include "test.h"

static void fill(char *at, int count)
{
    for (int i = 0; i < count; i++)
        at[i * PAGE] = (char)('a' + i % 26);
}

static int count_wrong(const char *at, int count)
{
    int wrong = 0;

    for (int i = 0; i < count; i++)
        wrong += at[i * PAGE] != 'a' + i % 26;
    return wrong;
}

static int is_gone(void *arg)
{
    return *(volatile char *)arg;
}

static void show_gone(const char *what, char *at)
{
    show_status(what, in_child(is_gone, at));
}

static void grow_and_cut(void)
{
    char *at = map_pages(64 * PAGE, PROT_READ | PROT_WRITE, 0);

    fill(at, 10);
    munmap(at + 10 * PAGE, 54 * PAGE);
    CHECK(mremap(at, 10 * PAGE, 20 * PAGE, 0) == at);
    CHECK(count_wrong(at, 10) == 0 && at[10 * PAGE] == 0 && at[20 * PAGE - 1] == 0);
    CHECK(mremap(at, 20 * PAGE, 5 * PAGE, 0) == at);
    CHECK(count_wrong(at, 5) == 0);
    show_gone("cut off", at + 5 * PAGE);
    CHECK(mmap(at + 5 * PAGE, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) ==
          at + 5 * PAGE);
    show("no room", mremap(at, 5 * PAGE, 6 * PAGE, 0) == MAP_FAILED ? -1 : 0);
    char *moved = mremap(at, 5 * PAGE, 6 * PAGE, MREMAP_MAYMOVE);

    CHECK(moved != at && moved != MAP_FAILED && count_wrong(moved, 5) == 0);
    show_gone("old place", at);
    CHECK(moved[5 * PAGE] == 0);
}

static void move_shared_by_fork(void)
{
    char *at = map_pages(10 * PAGE, PROT_READ | PROT_WRITE, 0), *moved;
    char *target = map_pages(20 * PAGE, PROT_READ | PROT_WRITE, 0);
    int status;

    fill(at, 10);
    target[0] = 'T';
    pid_t pid = fork();

    if (pid == 0) {
        moved = mremap(at, 10 * PAGE, 20 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, target);
        CHECK(moved == target && count_wrong(moved, 10) == 0 && moved[15 * PAGE] == 0);
        moved[0] = 'Z';
        moved[15 * PAGE] = 'Z';
        show_gone("old place in the child", at);
        _exit(test_failures);
    }
    CHECK(waitpid(pid, &status, 0) == pid);
    show_status("child that moved", status);
    CHECK(count_wrong(at, 10) == 0 && target[0] == 'T');
    moved = mremap(at + 3 * PAGE, 4 * PAGE, 4 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, target + PAGE);
    CHECK(moved == target + PAGE && moved[0] == 'd' && moved[3 * PAGE] == 'g');
    show_gone("hole", at + 3 * PAGE);
    CHECK(at[2 * PAGE] == 'c' && at[7 * PAGE] == 'h');
}

int main(void)
{
    char *at = map_pages(8 * PAGE, PROT_READ | PROT_WRITE, 0);
    char *shared = map_pages(4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED);

    grow_and_cut();
    move_shared_by_fork();
    fill(shared, 4);
    char *moved = mremap(shared, 4 * PAGE, 4 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED,
                         map_pages(4 * PAGE, PROT_NONE, 0));

    CHECK(moved != MAP_FAILED && count_wrong(moved, 4) == 0);
    pid_t pid = fork();

    if (pid == 0) {
        moved[PAGE] = 'S';
        _exit(0);
    }
    CHECK(waitpid(pid, NULL, 0) == pid);
    say("shared after the move: %c\n", moved[PAGE]);
    show("unaligned", mremap(at + 1, PAGE, PAGE, 0) == MAP_FAILED ? -1 : 0);
    show("new size 0", mremap(at, PAGE, 0, 0) == MAP_FAILED ? -1 : 0);
    show("bad flags", mremap(at, PAGE, PAGE, 0x100) == MAP_FAILED ? -1 : 0);
    show("fixed without maymove",
         mremap(at, PAGE, PAGE, MREMAP_FIXED, moved) == MAP_FAILED ? -1 : 0);
    show("onto itself",
         mremap(at, 4 * PAGE, 4 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, at + PAGE) == MAP_FAILED
             ? -1
             : 0);
    munmap(at, 8 * PAGE);
    show("nothing there", mremap(at, PAGE, 2 * PAGE, MREMAP_MAYMOVE) == MAP_FAILED ? -1 : 0);
    return test_end();
}
