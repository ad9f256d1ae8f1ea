/*
 * Splitting and merging in the buddy allocator, watched through the counts of free blocks.
 *
 * The program's only tool is memory of its own: the first touch of a page takes a frame,
 * madvise(MADV_DONTNEED) gives it back. Page tables would take frames too, so an anchor
 * page keeps the table of each 2 MiB of the area:
 *
 *     area    anchor, 511 pages | anchor, 511 pages | ...
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "frames.h"
#include "stage.h"

enum { LARGE = 9, LARGE_FRAMES = 1 << LARGE }; /* the order of 2 MiB */
enum { AREA_PAGES = 8 * LARGE_FRAMES, SMALL_MAX = 6 * LARGE_FRAMES };

static volatile char *area;
static uint64_t now[FRAME_ORDERS], shown[FRAME_ORDERS];
static int next_page; /* the first one that has not been touched */

/* Pages by number, leaving out the anchors. */
static volatile char *page_at(int number)
{
    return area + (uint64_t)(number + number / (LARGE_FRAMES - 1) + 1) * FRAME_SIZE;
}

static void page_take(int number)
{
    *page_at(number) = 1;
}

static void page_give(int number)
{
    if (madvise((void *)page_at(number), FRAME_SIZE, MADV_DONTNEED) != 0)
        stage_fail("madvise");
}

static uint64_t total(const uint64_t blocks[FRAME_ORDERS])
{
    uint64_t sum = 0;

    for (int order = 0; order < FRAME_ORDERS; order++)
        sum += blocks[order] << order;
    return sum;
}

/* The free lists now, and under them what has changed since they were printed last. */
static void print_blocks(bool with_changes)
{
    static const char *const size[] = { "4K",   "8K",   "16K", "32K", "64K", "128K",
                                        "256K", "512K", "1M",  "2M",  "4M" };

    frames_blocks(now);
    printf("\n   size   ");
    for (int order = 0; order < FRAME_ORDERS; order++)
        printf("%6s", size[order]);
    printf("\n   free   ");
    for (int order = 0; order < FRAME_ORDERS; order++)
        printf("%6" PRIu64, now[order]);
    printf("\n");
    if (with_changes) {
        printf("   change ");
        for (int order = 0; order < FRAME_ORDERS; order++) {
            if (now[order] == shown[order])
                printf("%6s", "");
            else
                printf("%+6ld", (long)(now[order] - shown[order]));
        }
        printf("\n");
    }
    printf("\n");
    memcpy(shown, now, sizeof(shown));
    stage_claim(total(now) == frames_free(), "the blocks make up all free memory");
}

static void step_lists(void)
{
    stage_caption("Free memory is kept in blocks of powers of two.\n"
                  "One list for each size: 4 KiB, 8 KiB ... 4 MiB.");
    puts("1. Free memory is kept as blocks of 1, 2, 4 ... 1024 frames, each at a");
    puts("   multiple of its own size. One list for each size. So many are free:");
    print_blocks(false);
    printf("   Together %" PRIu64 " frames of 4 KiB.\n\n", total(now));
    stage_pause(8);
}

/* Touch pages until nothing smaller than 2 MiB is free. */
static void step_small_ones_first(void)
{
    int taken = 0;

    stage_caption("The program takes frame after frame.\n"
                  "The smallest block that is large enough serves.");
    puts("2. The program wants one frame at a time. The smallest block that is");
    puts("   large enough serves, so the scraps go first. It goes on until nothing");
    puts("   smaller than 2 MiB is left.");
    for (;;) {
        uint64_t small = 0;

        frames_blocks(now);
        for (int order = 0; order < LARGE; order++)
            small += now[order];
        if (!small || next_page == SMALL_MAX)
            break;
        page_take(next_page++);
        taken++;
    }
    print_blocks(true);
    printf("   That took %d frames.\n\n", taken);
    for (int order = 0; order < LARGE; order++)
        stage_claim(now[order] == 0, "no block of order %d is left", order);
    stage_pause(8);
}

/* The halves that stayed free when the block was split down to this frame. */
static void print_halves(uint64_t frame, int top)
{
    uint64_t references = 0;

    printf("   The block of %d frames at frame %#" PRIx64 ", halved again and again:\n\n", 1 << top,
           frame >> top << top);
    for (int order = top - 1; order >= 0; order--) {
        uint64_t buddy = ((frame >> order) ^ 1) << order;

        printf("      %4d frame%s at %#" PRIx64 "  free", 1 << order, order ? "s" : " ", buddy);
        printf(order ? "\n" : "   <- the buddy of the one taken\n");
        for (uint64_t i = buddy; i < buddy + (UINT64_C(1) << order); i++)
            references += frames_refcount(i);
    }
    printf("         1 frame  at %#" PRIx64 "  taken: our page\n\n", frame);
    stage_claim(references == 0, "nobody uses the other frames of the block");
}

static void step_split(void)
{
    int top = now[LARGE] ? LARGE : LARGE + 1;
    uint64_t frame;

    stage_caption("One frame more, and only large blocks are left:\n"
                  "one of them is halved, and halved again, nine times.");
    puts("3. One frame more. There is no small block, so a large one is split: in");
    puts("   two, one half of it in two, and so on. Each half that is not needed");
    puts("   goes on the list of its size.");
    page_take(next_page++);
    frame = frames_behind(page_at(next_page - 1));
    print_blocks(true);
    print_halves(frame, top);
    for (int order = 0; order < top; order++)
        stage_claim(now[order] == 1, "one block of order %d came of it", order);
    stage_pause(11);
}

static void step_buddy(void)
{
    uint64_t first = frames_behind(page_at(next_page - 1)), second;

    stage_caption("The next frame is there already: the buddy of the last.");
    puts("4. The next frame costs no splitting: a block of one frame is there, the");
    puts("   buddy of the last one. Buddies differ in one bit of their number:");
    page_take(next_page++);
    second = frames_behind(page_at(next_page - 1));
    print_blocks(true);
    printf("      %#" PRIx64 "\n      %#" PRIx64 "   the lowest bit differs\n\n", first, second);
    stage_claim(second == (first ^ 1), "the second frame is the buddy of the first");
    stage_pause(8);
}

static void step_merge(void)
{
    stage_caption("Both frames are given back. Buddies that are free merge,\n"
                  "all the way up to one block of 2 MiB.");
    puts("5. The second is given back. Its buddy is taken, so it stays alone:");
    page_give(--next_page);
    print_blocks(true);
    stage_claim(now[0] == 1, "one block of 4 KiB");
    stage_pause(6);

    puts("   Now the first. Its buddy is free: they merge. The buddy of the two is");
    puts("   free: they merge. All the way up, in one call:");
    page_give(--next_page);
    print_blocks(true);
    for (int order = 0; order < LARGE; order++)
        stage_claim(now[order] == 0, "the block of order %d is merged", order);
    stage_pause(9);
}

static void step_fragments(void)
{
    uint64_t before;

    stage_caption("2 MiB are taken, and every second frame given back.\n"
                  "Half is free, and nothing merges.");
    puts("6. Fragments: take 512 frames, the whole of 2 MiB, and give back every");
    puts("   second one. Each has a buddy in use, so nothing merges:");
    for (int i = 0; i < LARGE_FRAMES; i++)
        page_take(next_page + i);
    frames_blocks(now);
    memcpy(shown, now, sizeof(shown));
    before = total(now);
    for (int i = 0; i < LARGE_FRAMES; i++)
        if (frames_behind(page_at(next_page + i)) % 2)
            page_give(next_page + i);
    print_blocks(true);
    printf("   1 MiB more is free, and not one block of 8 KiB came of it.\n\n");
    stage_claim(now[0] == LARGE_FRAMES / 2 && now[1] == 0, "only single frames came of it");
    stage_claim(total(now) == before + LARGE_FRAMES / 2, "1 MiB more is free");
    stage_pause(10);
}

static void step_whole_again(void)
{
    stage_caption("The other half is given back:\n"
                  "each frame finds its buddy free.");
    puts("7. The other half is given back too. Each finds its buddy free:");
    for (int i = 0; i < LARGE_FRAMES; i++)
        page_give(next_page + i);
    print_blocks(true);
    for (int order = 0; order < LARGE; order++)
        stage_claim(now[order] == 0, "no block of order %d is left over", order);
    stage_pause(8);
}

static void story(void)
{
    next_page = 0;
    area = mmap(NULL, (AREA_PAGES + LARGE_FRAMES) * FRAME_SIZE, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (area == MAP_FAILED)
        stage_fail("mmap");
    area += -(uintptr_t)area % (LARGE_FRAMES * FRAME_SIZE);
    for (int anchor = 0; anchor < AREA_PAGES; anchor += LARGE_FRAMES)
        area[anchor * FRAME_SIZE] = 1;

    step_lists();
    step_small_ones_first();
    step_split();
    step_buddy();
    step_merge();
    step_fragments();
    step_whole_again();
    puts("8. The program ends, and gives back what it took at the start:");
    puts("");
}

int main(int argc, char **argv)
{
    static const struct demo demo = {
        .title = "Buddies: how free memory is split and merged",
        .opening = "The kernel gives out memory in blocks of 4 KiB, 8 KiB, 16 KiB ... 4 MiB.\n"
                   "This is an ordinary program: it takes memory by touching pages, gives it\n"
                   "back by madvise, and reads in /proc/buddyinfo what became of the blocks.\n",
        .story = story,
    };

    return stage_main(argc, argv, &demo);
}
