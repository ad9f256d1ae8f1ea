/* munmap in the middle: exactly those pages go, neighbours keep their contents. */
#include "test.h"

enum { PAGES = 24 };

static char *area;

static int read_page(void *arg)
{
    return area[*(int *)arg * PAGE];
}

static void show_pages(const char *what)
{
    say("%-20s ", what);
    for (int page = 0; page < PAGES; page++) {
        int status = in_child(read_page, &page);

        say("%c", WIFEXITED(status)             ? WEXITSTATUS(status)
                  : WTERMSIG(status) == SIGSEGV ? '.'
                                                : '?');
    }
    say("\n");
}

static void unmap(const char *what, int first, int count)
{
    CHECK(munmap(area + first * PAGE, (size_t)count * PAGE) == 0);
    show_pages(what);
}

int main(void)
{
    area = map_pages(PAGES * PAGE, PROT_READ | PROT_WRITE, 0);
    for (int page = 0; page < PAGES; page++)
        area[page * PAGE] = (char)('a' + page);
    show_pages("whole");
    unmap("10 out", 10, 1);
    unmap("10 again", 10, 1);
    unmap("8..12 out", 8, 5);
    unmap("first out", 0, 1);
    unmap("last out", PAGES - 1, 1);
    unmap("2..20 out", 2, 19);

    /* The hole can be filled again, by zeroes. */
    void *again = mmap(area + 5 * PAGE, 2 * PAGE, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

    CHECK(again == area + 5 * PAGE);
    say("filled: %d %d\n", area[5 * PAGE], area[7 * PAGE - 1]);
    area[5 * PAGE] = 'n';
    area[6 * PAGE] = 'm';
    show_pages("5 and 6 new");

    /* MAP_FIXED over what is there replaces it. */
    again = mmap(area, 6 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
                 -1, 0);
    CHECK(again == area && area[PAGE] == 0 && area[5 * PAGE] == 0 && area[6 * PAGE] == 'm');
    show("unaligned", munmap(area + 1, PAGE));
    show("length 0", munmap(area, 0));
    show("length 1", munmap(area + 6 * PAGE, 1));
    show("beyond the user half", munmap((void *)0xffff800000000000, PAGE));
    show("into the kernel half", munmap((void *)0x7fffffff0000, 0x100000));
    show("nothing there", munmap((void *)0x123456000, 0x10000000));
    return test_end();
}
