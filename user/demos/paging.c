/*
 * Demand paging: reserving is a promise, the first touch collects. One cell for each
 * page: '.' reserved, '#' with a frame behind it.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "frames.h"
#include "stage.h"

enum { SHOWN = 64, DEPTH = 60 /* pages of stack that the recursion uses */ };
enum { STACK_SHOWN = 128 };
#define AREA_SIZE ((uint64_t)1 << 30)
#define MAPS_MAX  4096

static volatile char *area;

static int resident(uint64_t start, uint64_t end)
{
    int count = 0;

    for (uint64_t at = start; at < end; at += FRAME_SIZE)
        count += frames_behind((void *)at) != FRAME_NONE;
    return count;
}

static void print_cells(void)
{
    printf("\n      ");
    for (int page = 0; page < SHOWN; page++)
        putchar(frames_behind(area + page * FRAME_SIZE) == FRAME_NONE ? '.' : '#');
    printf("\n\n");
}

static int cells(void)
{
    return resident((uint64_t)area, (uint64_t)area + SHOWN * FRAME_SIZE);
}

static void step_reserve(void)
{
    uint64_t before = frames_free();

    stage_caption("1 GiB is reserved. It costs nothing.");
    puts("1. The program asks for 1 GiB, more than this machine has. It is a promise,");
    puts("   and costs at most a note of it. The first 64 pages:");
    area = mmap(NULL, AREA_SIZE, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (area == MAP_FAILED)
        stage_fail("mmap");
    print_cells();
    stage_claim(stage_cost(before) <= 1, "a reservation takes no more than a note");
    stage_claim(cells() == 0, "no page has a frame");
    stage_pause(8);
}

static void step_touch(void)
{
    uint64_t before = frames_free(), tables = frames_tables();
    long taken;

    stage_caption("Every eighth page is written to.\n"
                  "Each first touch is a fault that gets a frame.");
    puts("2. It writes to every eighth page. Each first touch is a page fault: the CPU");
    puts("   stops, the kernel finds a frame, fills it with zeroes, and the program goes");
    puts("   on where it was:");
    for (int page = 0; page < SHOWN; page += 8)
        area[page * FRAME_SIZE] = 1;
    print_cells();
    tables = frames_tables() - tables;
    printf("   Eight pages, and %" PRIu64 " new page table%s.\n", tables, tables == 1 ? "" : "s");
    taken = stage_cost(before);
    stage_claim(taken == 8 + (long)tables && cells() == 8, "only what was touched has a frame");
    stage_pause(9);
}

static void step_read(void)
{
    uint64_t before = frames_free();
    int sum = 0;

    stage_caption("Reading is touching too. New memory is all zeroes.");
    puts("3. Reading is touching too. What was never written reads as zero, so nobody");
    puts("   sees what others left in a frame:");
    for (int page = 1; page < SHOWN; page += 8) {
        for (int i = 0; i < FRAME_SIZE; i++)
            sum |= area[page * FRAME_SIZE + i];
    }
    print_cells();
    stage_claim(sum == 0, "new memory is all zeroes");
    stage_claim(stage_cost(before) == 8, "each page that was read has a frame");
    stage_pause(8);
}

static void step_kernel(void)
{
    uint64_t before = frames_free();
    int ends[2];

    stage_caption("The kernel touches for the program: read() into a page\n"
                  "that has no frame.");
    puts("4. The kernel touches for the program: read() puts ten bytes into a page that");
    puts("   has no frame. The fault happens in the kernel, and is mended in the same way:");
    if (pipe(ends) != 0 || write(ends[1], "ten bytes.", 10) != 10)
        stage_fail("pipe");
    if (read(ends[0], (char *)area + 60 * FRAME_SIZE, 10) != 10)
        stage_fail("read");
    close(ends[0]);
    close(ends[1]);
    print_cells();
    stage_claim(memcmp((char *)area + 60 * FRAME_SIZE, "ten bytes.", 10) == 0, "it was read");
    stage_claim(stage_cost(before) == 1, "the page has a frame now");
    stage_pause(8);
}

__attribute__((noinline)) static int recurse(int depth)
{
    volatile char page[FRAME_SIZE];

    page[0] = (char)depth;
    return depth == 0 ? page[0] : recurse(depth - 1) + page[0];
}

static void step_stack(void)
{
    uint64_t top = ((uint64_t)__builtin_frame_address(0) | (FRAME_SIZE - 1)) + 1;
    uint64_t low = top - STACK_SHOWN * FRAME_SIZE, before = frames_free();
    int first = resident(low, top), now;

    stage_caption("A function calls itself: the stack gets frames\n"
                  "as it goes down.");
    puts("5. The stack is such an area: 8 MiB are reserved. A function calls itself 60");
    puts("   times, with a page of variables each time. Of the top 128 pages, so many");
    puts("   had a frame before and have one after:");
    (void)recurse(DEPTH);
    now = resident(low, top);
    printf("\n      before %d, after %d\n\n", first, now);
    stage_claim(stage_cost(before) == now - first, "the stack took what it touched");
    stage_claim(now >= DEPTH && now < DEPTH + 8, "the stack has what it touched");
    stage_pause(9);
}

static void step_discard(void)
{
    uint64_t before = frames_free();

    stage_caption("Half of the frames are given back.\n"
                  "The reservation stays.");
    puts("6. madvise(DONTNEED) on the first half of the 64: the frames go back, the");
    puts("   reservation stays. Touched again, a page starts again from zero:");
    if (madvise((void *)area, SHOWN / 2 * FRAME_SIZE, MADV_DONTNEED) != 0)
        stage_fail("madvise");
    print_cells();
    stage_claim(stage_cost(before) == -8, "eight frames went back");
    stage_claim(area[0] == 0, "page 0, once written, reads as zero");
    stage_pause(8);
}

/* Print one line of /proc/self/maps, and how much of it is there. */
static void print_area(const char *line)
{
    char rights[5];
    uint64_t start, end;
    const char *name = strrchr(line, strchr(line, '/') ? '/' : ' ');

    if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %4s", &start, &end, rights) != 3)
        return;
    printf("      %12" PRIx64 " %s %8" PRIu64 " %8d   %s\n", start, rights,
           (end - start) / FRAME_SIZE,
           resident(start, end - start > AREA_SIZE / 2 ? start + SHOWN * FRAME_SIZE : end),
           name && name[1] ? name + 1 : "");
}

static void step_maps(void)
{
    static char text[MAPS_MAX];
    int fd = open("/proc/self/maps", O_RDONLY), lines = 0;
    ssize_t got = read(fd, text, sizeof(text) - 1);
    char *save, *line;

    close(fd);
    text[got > 0 ? got : 0] = '\0';
    stage_caption("All areas of the program: reserved, and there.");
    puts("7. All areas of this program, with their pages: reserved, and there.");
    puts("");
    puts("             start rights reserved    there   what");
    for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save), lines++)
        print_area(line);
    puts("");
    stage_claim(lines >= 4, "there are areas for code, data, stack and 1 GiB");
    stage_pause(11);
}

static void story(void)
{
    step_reserve();
    step_touch();
    step_read();
    step_kernel();
    step_stack();
    step_discard();
    step_maps();
}

int main(int argc, char **argv)
{
    static const struct demo demo = {
        .title = "Demand paging: memory arrives when it is touched",
        .opening = "An ordinary program asks for memory, and looks in /proc/self/pagemap at which\n"
                   "of its pages have a frame of RAM behind them:\n\n"
                   "      .  reserved, no frame      #  a frame is there\n",
        .story = story,
    };

    return stage_main(argc, argv, &demo);
}
