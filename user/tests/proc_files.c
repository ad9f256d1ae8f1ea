/* /proc: maps lists the areas with their rights, pagemap says which pages are present. */
#include <fcntl.h>

#include "test.h"

static int map_lines(uintptr_t low, uintptr_t high)
{
    FILE *maps = fopen("/proc/self/maps", "r");
    char line[300], rights[5];
    unsigned long start, end;
    int lines = 0;

    CHECK(maps != NULL);
    while (maps && fgets(line, sizeof(line), maps)) {
        if (sscanf(line, "%lx-%lx %4s", &start, &end, rights) != 3) {
            say("odd line: %s", line);
            continue;
        }
        if (end <= low || start >= high)
            continue;
        say("%lu..%lu %s\n", (start - low) / PAGE, (end - low) / PAGE, rights);
        lines++;
    }
    if (maps)
        fclose(maps);
    return lines;
}

int main(void)
{
    char *at = map_pages(20 * PAGE, PROT_NONE, 0);
    int pagemap = open("/proc/self/pagemap", O_RDONLY);
    uint64_t words[20];
    char text[256] = { 0 };

    /* A hole on both sides keeps neighbours from merging with what is looked at. */
    CHECK(munmap(at, 2 * PAGE) == 0 && munmap(at + 18 * PAGE, 2 * PAGE) == 0);
    CHECK(mprotect(at + 4 * PAGE, 6 * PAGE, PROT_READ | PROT_WRITE) == 0);
    CHECK(mprotect(at + 6 * PAGE, 2 * PAGE, PROT_READ) == 0);
    CHECK(munmap(at + 12 * PAGE, PAGE) == 0);
    say("lines: %d\n", map_lines((uintptr_t)at + 2 * PAGE, (uintptr_t)at + 18 * PAGE));
    at[4 * PAGE] = at[9 * PAGE] = 1;
    CHECK(pagemap >= 0);
    CHECK(pread(pagemap, words, sizeof(words), (off_t)((uintptr_t)at / PAGE * 8)) == sizeof(words));
    for (int i = 2; i < 18; i++)
        say("%d", (int)(words[i] >> 63));
    say("\n");
    int meminfo = open("/proc/meminfo", O_RDONLY);

    CHECK(meminfo >= 0 && read(meminfo, text, sizeof(text) - 1) > 0);
    CHECK(strncmp(text, "MemTotal:", 9) == 0 && strstr(text, "MemFree:") != NULL);
    show("nothing of that name", open("/proc/self/nonsense", O_RDONLY));
    return test_end();
}
