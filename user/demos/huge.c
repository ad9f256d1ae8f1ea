/*
 * 2 MiB pages against 4 KiB pages: faults, tables, forks, cuts, and why there may be
 * none to be had. Runs on Quire only, as its last step uses up all memory.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "frames.h"
#include "stage.h"

#define LARGE_SIZE ((uint64_t)2 << 20)
enum { LARGE_FRAMES = 512, LARGE = 9 /* order */, AREA_LARGE = 2 };

static volatile char *area_map(int how)
{
    uint64_t size = AREA_LARGE * LARGE_SIZE;
    char *at = mmap(NULL, size + LARGE_SIZE, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | how, -1, 0);

    if (at == MAP_FAILED)
        stage_fail("mmap");
    return at + -(uintptr_t)at % LARGE_SIZE;
}

struct price {
    long frames, tables;
};

static struct price touch(volatile char *at, uint64_t len, uint64_t stride)
{
    uint64_t frames = frames_free(), tables = frames_tables();

    for (uint64_t i = 0; i < len; i += stride)
        at[i] = 1;
    return (struct price){ (long)(frames - frames_free()), (long)(frames_tables() - tables) };
}

static void print_price(const char *what, struct price small, struct price large)
{
    printf("      %-34s %5ld (%ld)  %11ld (%ld)\n", what, small.frames, small.tables, large.frames,
           large.tables);
}

static void step_touch(volatile char *small, volatile char *large)
{
    struct price s, l;

    stage_caption("The same 4 MiB in small pages, then in large ones:\n"
                  "1024 faults, or two.");
    s = touch(small, 1, 1);
    l = touch(large, 1, 1);
    puts("1. Two areas of 4 MiB: one of 4 KiB pages, one of 2 MiB pages. First one byte");
    puts("   of each is touched, then all of it. What that takes, in frames (and how many");
    puts("   of them are page tables):");
    puts("");
    puts("                                         4 KiB pages     2 MiB pages");
    print_price("one byte", s, l);
    stage_claim(s.frames - s.tables == 1, "one byte takes a small page");
    stage_claim(l.frames - l.tables == LARGE_FRAMES, "one byte takes all of a large page");
    s = touch(small, AREA_LARGE * LARGE_SIZE, FRAME_SIZE);
    l = touch(large, AREA_LARGE * LARGE_SIZE, FRAME_SIZE);
    print_price("the rest, page by page", s, l);
    stage_claim(s.frames - s.tables == AREA_LARGE * LARGE_FRAMES - 1, "all small pages");
    stage_claim(l.frames == LARGE_FRAMES && l.tables == 0, "the other large page, and no table");
    puts("      page faults                         1024               2");
    puts("      entries of the TLB for all of it    1024               2");
    puts("      tables on the way to a frame           4               3");
    puts("");
    stage_pause(14);
}

static void step_frames(volatile char *small, volatile char *large)
{
    uint64_t first = frames_behind(large);
    bool all = true;

    stage_caption("A large page is 512 frames in a row,\n"
                  "aligned to its size.");
    for (uint64_t i = 0; i < LARGE_FRAMES; i++)
        all &= frames_behind(large + i * FRAME_SIZE) == first + i;
    puts("2. A large page is 512 frames in a row, and the first one's number is a multiple");
    puts("   of 512: the entry has no bits to say otherwise. Small pages lie as it comes:");
    puts("");
    printf("      small pages: frames %" PRIx64 ", %" PRIx64 ", %" PRIx64 " ...\n",
           frames_behind(small), frames_behind(small + FRAME_SIZE),
           frames_behind(small + 2 * FRAME_SIZE));
    printf("      large page:  frames %" PRIx64 " to %" PRIx64 ", %" PRIx64 " = %" PRIu64
           " times 512\n\n",
           first, first + LARGE_FRAMES - 1, first, first / LARGE_FRAMES);
    stage_claim(all, "512 frames in a row");
    stage_claim(first % LARGE_FRAMES == 0, "aligned to its size");
    stage_pause(9);
}

static volatile struct {
    long small, large;
} * copies; /* shared: what the child's writes took */

static void write_both(void *areas)
{
    volatile char **area = areas;
    uint64_t before = frames_free();

    area[0][0] = 2;
    copies->small = (long)(before - frames_free());
    before = frames_free();
    area[1][0] = 2;
    copies->large = (long)(before - frames_free());
}

static void step_fork(volatile char *small, volatile char *large)
{
    volatile char *areas[] = { small, large };

    stage_caption("A child writes one byte to a large page:\n"
                  "512 frames are copied.");
    puts("3. fork shares both kinds. Then the child writes one byte to each, and the");
    puts("   page around it is copied:");
    puts("");
    stage_in_child(write_both, areas);
    printf("      frames copied for one byte: small page %ld, large page %ld\n\n", copies->small,
           copies->large);
    stage_claim(copies->small == 1, "a small page was copied");
    stage_claim(copies->large == LARGE_FRAMES, "a large page was copied");
    stage_claim(small[0] == 1 && large[0] == 1, "the parent does not see it");
    stage_pause(9);
}

static void step_cut(volatile char *large)
{
    uint64_t first = frames_behind(large), before = frames_free(), tables = frames_tables();
    bool kept = true;

    stage_caption("4 KiB are cut out of a large page:\n"
                  "a table of small entries takes its place.");
    puts("4. 4 KiB are unmapped in the middle of a large page. Half a large page cannot");
    puts("   be: the kernel makes a table of 512 small entries with the same frames.");
    puts("");
    if (munmap((char *)large + 100 * FRAME_SIZE, FRAME_SIZE) != 0)
        stage_fail("munmap");
    tables = frames_tables() - tables;
    for (uint64_t i = 0; i < LARGE_FRAMES; i++)
        kept &= frames_behind(large + i * FRAME_SIZE) == (i == 100 ? FRAME_NONE : first + i);
    printf("      page 99: frame %" PRIx64 "   page 100: none   page 101: frame %" PRIx64 "\n\n",
           first + 99, first + 101);
    printf("   One page less, and %" PRIu64 " table more. Nothing was copied.\n", tables);
    stage_claim(kept, "the others have their frames");
    stage_claim(tables == 1, "one table was made");
    stage_claim(stage_cost(before) <= 1, "the page pays for the table; a note may come on top");
    stage_pause(10);
}

static uint64_t large_blocks(void)
{
    uint64_t blocks[FRAME_ORDERS], count = 0;

    frames_blocks(blocks);
    for (int order = LARGE; order < FRAME_ORDERS; order++)
        count += blocks[order] << (order - LARGE);
    return count;
}

static void touch_large(void *at)
{
    *(volatile char *)at = 1;
}

static void step_fragments(void)
{
    uint64_t room = frames_free() - 256, pages = 0;
    volatile char *all = mmap(NULL, room * FRAME_SIZE, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    volatile char *large = area_map(MAP_HUGETLB);
    int status;

    stage_caption("Memory in fragments: half of it is free,\n"
                  "and no large page is to be had.");
    puts("5. Now somebody fills the memory with small pages, and gives back every second");
    puts("   one of them:");
    puts("");
    while (frames_free() > 256 && pages < room)
        all[pages++ * FRAME_SIZE] = 1;
    for (uint64_t i = 0; i < pages; i++)
        if (frames_behind(all + i * FRAME_SIZE) % 2)
            madvise((char *)all + i * FRAME_SIZE, FRAME_SIZE, MADV_DONTNEED);
    printf("      free: %" PRIu64 " MiB; blocks of 2 MiB among them: %" PRIu64 "\n\n",
           frames_free() * FRAME_SIZE >> 20, large_blocks());
    stage_claim(frames_free() > room / 3, "about half of the memory is free");
    stage_claim(large_blocks() == 0, "there is no block of 2 MiB");
    status = stage_in_child(touch_large, (void *)large);
    puts("   A child touches a large page of its own. There is room, but not in one piece:");
    printf("   the child %s.\n\n",
           WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL ? "is killed (SIGKILL)" : "lives");
    stage_claim(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL, "the child is killed");
    stage_pause(11);
}

static void story(void)
{
    volatile char *small, *large;

    stage_only_on_quire();
    copies = mmap(NULL, FRAME_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (copies == MAP_FAILED)
        stage_fail("mmap");
    small = area_map(0);
    large = area_map(MAP_HUGETLB);
    step_touch(small, large);
    step_frames(small, large);
    step_fork(small, large);
    step_cut(large);
    step_fragments();
}

int main(int argc, char **argv)
{
    static const struct demo demo = {
        .title = "Huge pages: 2 MiB at a time",
        .opening = "An entry of a PD can lead to 2 MiB of RAM itself, instead of to a table of\n"
                   "512 small pages. What that gains, and what it costs.\n",
        .story = story,
    };

    return stage_main(argc, argv, &demo);
}
