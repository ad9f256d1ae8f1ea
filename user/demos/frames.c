/* Frame numbers and reference counts through /proc: see frames.h. */
#include "frames.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#define PAGEMAP_PRESENT (1ULL << 63)
#define PAGEMAP_PFN     ((1ULL << 55) - 1)

static int pagemap_fd = -1;
static int kpagecount_fd = -1;
static int meminfo_fd = -1;
static int buddyinfo_fd = -1;

enum { TEXT_MAX = 4096 };

/*
 * /proc/self is resolved when the file is opened, so each process opens its
 * own pagemap after fork.
 */
void frames_open(void)
{
    if (pagemap_fd >= 0)
        close(pagemap_fd);
    pagemap_fd = open("/proc/self/pagemap", O_RDONLY);
    if (kpagecount_fd < 0)
        kpagecount_fd = open("/proc/kpagecount", O_RDONLY);
    if (meminfo_fd < 0)
        meminfo_fd = open("/proc/meminfo", O_RDONLY);
    if (buddyinfo_fd < 0)
        buddyinfo_fd = open("/proc/buddyinfo", O_RDONLY);
}

static uint64_t frames_read_word(int fd, uint64_t index)
{
    uint64_t word = 0;

    if (pread(fd, &word, sizeof(word), (off_t)(index * sizeof(word))) != sizeof(word))
        return 0;
    return word;
}

uint64_t frames_behind(const volatile void *addr)
{
    uint64_t word = frames_read_word(pagemap_fd, (uintptr_t)addr / FRAME_SIZE);

    if (!(word & PAGEMAP_PRESENT) || !(word & PAGEMAP_PFN))
        return FRAME_NONE;
    return word & PAGEMAP_PFN;
}

uint64_t frames_refcount(uint64_t frame)
{
    return frame == FRAME_NONE ? 0 : frames_read_word(kpagecount_fd, frame);
}

uint64_t frames_free(void)
{
    struct sysinfo info;

    if (sysinfo(&info) != 0)
        return 0;
    return (uint64_t)info.freeram * info.mem_unit / FRAME_SIZE;
}

static void text_read(int fd, char text[TEXT_MAX])
{
    ssize_t got = pread(fd, text, TEXT_MAX - 1, 0);

    text[got > 0 ? got : 0] = '\0';
}

uint64_t frames_tables(void)
{
    char text[TEXT_MAX], *at;

    text_read(meminfo_fd, text);
    at = strstr(text, "PageTables:");
    return at ? strtoull(at + strlen("PageTables:"), NULL, 10) * 1024 / FRAME_SIZE : 0;
}

/* One line for each zone: "Node 0, zone   Normal      1      0 ...". */
void frames_blocks(uint64_t blocks[FRAME_ORDERS])
{
    char text[TEXT_MAX], *save, *line;

    memset(blocks, 0, FRAME_ORDERS * sizeof(*blocks));
    text_read(buddyinfo_fd, text);
    for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
        char *at = strstr(line, "zone");

        at = at ? at + strcspn(at, " ") : line;
        at += strspn(at, " ");
        at += strcspn(at, " ");
        for (int order = 0; order < FRAME_ORDERS; order++)
            blocks[order] += strtoull(at, &at, 10);
    }
}
