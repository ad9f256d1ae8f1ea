/* mprotect in the middle of an area: rights change for exactly those pages, contents stay. */
#include "test.h"

enum { PAGES = 16 };

static char *area;

static int read_page(void *arg)
{
    return area[*(int *)arg * PAGE];
}

static int write_page(void *arg)
{
    area[*(int *)arg * PAGE] = 1;
    return 0;
}

/* One letter a page: what a child may do there. */
static void show_rights(const char *what)
{
    char rights[PAGES + 1] = { 0 };

    for (int page = 0; page < PAGES; page++) {
        bool reads = WIFEXITED(in_child(read_page, &page));
        bool writes = WIFEXITED(in_child(write_page, &page));

        rights[page] = writes && reads ? 'w' : writes ? '?' : reads ? 'r' : '-';
    }
    say("%-24s %s\n", what, rights);
}

static void protect(const char *what, int first, int count, int prot)
{
    CHECK(mprotect(area + first * PAGE, (size_t)count * PAGE, prot) == 0);
    show_rights(what);
}

int main(void)
{
    area = map_pages(PAGES * PAGE, PROT_READ | PROT_WRITE, 0);
    for (int page = 0; page < PAGES; page += 2) /* every other page is resident */
        area[page * PAGE] = (char)(page + 1);
    show_rights("all writable");
    protect("4..7 read-only", 4, 4, PROT_READ);
    protect("6..9 none", 6, 4, PROT_NONE);
    protect("8 read-only", 8, 1, PROT_READ);
    protect("0 none", 0, 1, PROT_NONE);
    protect("15 read-only", 15, 1, PROT_READ);
    protect("5..8 writable", 5, 4, PROT_READ | PROT_WRITE);
    protect("all writable again", 0, PAGES, PROT_READ | PROT_WRITE);
    for (int page = 0; page < PAGES; page++)
        CHECK(area[page * PAGE] == (page % 2 ? 0 : page + 1));

    /* An empty or cut range: nothing may change past the first hole on success. */
    CHECK(munmap(area + 3 * PAGE, PAGE) == 0);
    show("over a hole", mprotect(area + 4 * PAGE - PAGE, 2 * PAGE, PROT_READ));
    show("unaligned", syscall(SYS_mprotect, area + 1, PAGE, PROT_READ));
    show("length 0", syscall(SYS_mprotect, area, 0, PROT_NONE));
    show("length 1", syscall(SYS_mprotect, area, 1, PROT_READ));
    show("bad rights", syscall(SYS_mprotect, area, PAGE, 0x700));
    show("wraps around", syscall(SYS_mprotect, area, -PAGE, PROT_READ));
    return test_end();
}
