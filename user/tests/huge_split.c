/*
 * mprotect and munmap of 4 KiB inside memory made with MAP_HUGETLB. Linux
 * refuses to cut its 2 MiB pages, so there the same is done on 4 KiB pages.
 */
#include "test.h"

static char *area;

static int probe(void *arg)
{
    size_t offset = *(size_t *)arg;
    volatile char *at = area + offset;
    char seen = *at;

    *at = seen;
    return seen;
}

static void show_at(const char *what, size_t offset)
{
    int status = in_child(probe, &offset);

    if (WIFEXITED(status))
        say("%s: reads and writes '%c'\n", what, WEXITSTATUS(status));
    else
        show_status(what, status);
}

static char *map_area(void)
{
    char *at = map_pages(3 * HUGE, PROT_READ | PROT_WRITE, 0);

    at = (char *)(((uintptr_t)at + HUGE - 1) & -(uintptr_t)HUGE);
    if (on_quire()) {
        void *huge = mmap(at, 2 * HUGE, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_HUGETLB, -1, 0);

        CHECK(huge == at);
    }
    return at;
}

int main(void)
{
    area = map_area();
    memset(area, 'h', 2 * HUGE);
    CHECK(mprotect(area + 16 * PAGE, PAGE, PROT_READ) == 0);
    show_at("before the read-only page", 16 * PAGE - 1);
    show_at("read-only page", 16 * PAGE);
    show_at("after the read-only page", 17 * PAGE);
    CHECK(munmap(area + HUGE - PAGE, 2 * PAGE) == 0);
    show_at("before the hole", HUGE - PAGE - 1);
    show_at("hole, first half", HUGE - PAGE);
    show_at("hole, second half", HUGE);
    show_at("after the hole", HUGE + PAGE);
    CHECK(madvise(area + 32 * PAGE, PAGE, MADV_DONTNEED) == 0);
    CHECK(area[32 * PAGE - 1] == 'h' && area[32 * PAGE] == 0 && area[33 * PAGE] == 'h');
    CHECK(mprotect(area + 40 * PAGE, PAGE, PROT_NONE) == 0);
    show_at("no rights", 40 * PAGE);
    CHECK(mprotect(area + 40 * PAGE, PAGE, PROT_READ | PROT_WRITE) == 0);
    show_at("rights again", 40 * PAGE);
    area[3 * PAGE] = 'i';
    show_at("written after the cuts", 3 * PAGE);
    CHECK(munmap(area, 2 * HUGE) == 0);
    return test_end();
}
