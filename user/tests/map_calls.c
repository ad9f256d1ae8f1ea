/* mmap's arguments: hints, fixed places, refusals. */
#include "test.h"

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000
#endif

static void show_map(const char *what, void *at, size_t size, int prot, int flags)
{
    char *got = (char *)syscall(SYS_mmap, at, size, prot, flags, -1, 0);

    if (got == MAP_FAILED)
        show(what, -1);
    else
        say("%s: %s\n", what, got == at ? "there" : at ? "elsewhere" : "somewhere");
}

int main(void)
{
    int private = MAP_PRIVATE | MAP_ANONYMOUS, rw = PROT_READ | PROT_WRITE;
    show_map("length 0", NULL, 0, rw, private);
    show_map("length 1", NULL, 1, rw, private);
    show_map("length too large", NULL, (size_t)-1, rw, private);
    show_map("neither private nor shared", NULL, PAGE, rw, MAP_ANONYMOUS);
    char *hole = map_pages(64 * PAGE, rw, 0);

    CHECK(munmap(hole, 64 * PAGE) == 0);
    show_map("free hint", hole, PAGE, rw, private);
    show_map("taken hint", hole, PAGE, rw, private);
    show_map("fixed over it", hole, 2 * PAGE, rw, private | MAP_FIXED);
    show_map("fixed, not aligned", hole + 1, PAGE, rw, private | MAP_FIXED);
    show_map("noreplace, taken", hole + PAGE, 2 * PAGE, rw, private | MAP_FIXED_NOREPLACE);
    show_map("noreplace, free", hole + 2 * PAGE, 2 * PAGE, rw, private | MAP_FIXED_NOREPLACE);
    show_map("fixed at 0", NULL, PAGE, rw, private | MAP_FIXED);
    show_map("fixed in the kernel", (void *)0xffff800000000000, PAGE, rw, private | MAP_FIXED);
    show_map("fixed across the end", (void *)0x7fffffffe000, 2 * PAGE, rw, private | MAP_FIXED);
    show_map("fixed at the end", (void *)0x7ffffffff000, PAGE, rw, private | MAP_FIXED);
    show_map("hint in the kernel", (void *)0xffff800000000000, PAGE, rw, private);
    show_map("no rights", NULL, PAGE, PROT_NONE, private);
    show_map("stack flag", NULL, PAGE, rw, private | MAP_STACK);
    show_map("populated", NULL, 10 * PAGE, rw, private | MAP_POPULATE);
    show("bad descriptor", mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, 99, 0) == MAP_FAILED ? -1 : 0);

    /* Neighbouring areas merge and come apart again. */
    for (int i = 10; i < 40; i += 2)
        CHECK(mmap(hole + i * PAGE, PAGE, rw, private | MAP_FIXED, -1, 0) == hole + i * PAGE);
    for (int i = 11; i < 40; i += 2)
        CHECK(mmap(hole + i * PAGE, PAGE, rw, private | MAP_FIXED, -1, 0) == hole + i * PAGE);
    memset(hole + 10 * PAGE, 'm', 30 * PAGE);
    CHECK(mprotect(hole + 10 * PAGE, 30 * PAGE, PROT_READ) == 0);
    CHECK(munmap(hole + 20 * PAGE, PAGE) == 0 && hole[19 * PAGE] == 'm' && hole[21 * PAGE] == 'm');
    CHECK(munmap(hole, 64 * PAGE) == 0);
    return test_end();
}
