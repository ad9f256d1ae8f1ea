/*
 * How the CPU finds a frame: four tables, nine bits of the address each. Programs cannot
 * read page tables, but they can count them, and frames.h says where each walk ends.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "frames.h"
#include "stage.h"

#define KIB(n) ((uint64_t)(n) << 10)
#define MIB(n) ((uint64_t)(n) << 20)
#define GIB(n) ((uint64_t)(n) << 30)

/* Far from all else: its PML4 entry is empty. The area is two of them long. */
#define AREA_BASE ((uint64_t)0x200000000000)
#define AREA_SIZE GIB(1024)

enum { SCATTERED = 8 };

static unsigned table_index(uint64_t va, int level)
{
    return va >> (12 + 9 * (level - 1)) & 511;
}

static void print_split(uint64_t va)
{
    static const char *const table[] = { "", "PT", "PD", "PDPT", "PML4" };

    printf("\n   %#" PRIx64 " =\n\n      ", va);
    for (int level = 4; level > 0; level--) {
        for (int bit = 8; bit >= 0; bit--)
            printf("%u", table_index(va, level) >> bit & 1);
        printf(level > 1 ? " " : "  ");
    }
    for (int bit = 11; bit >= 0; bit--)
        printf("%" PRIu64, va >> bit & 1);
    printf("\n      ");
    for (int level = 4; level > 0; level--)
        printf("%-4s %4u ", table[level], table_index(va, level));
    printf(" byte %#" PRIx64 "\n\n", va & (FRAME_SIZE - 1));
}

static void step_split(void)
{
    static volatile int variable = 42;
    uint64_t va = (uint64_t)&variable, rebuilt = va & (FRAME_SIZE - 1), frame;

    stage_caption("An address is nine bits for each of four tables,\n"
                  "and twelve for the byte in the page.");
    puts("1. This program has a variable. Its address, in bits: four times nine bits");
    puts("   say which of 512 entries to take in each table, twelve which byte of");
    puts("   the page.");
    print_split(va);
    frame = frames_behind(&variable);
    printf("   Where the walk ends: frame %#" PRIx64 ". So the variable is in RAM at %#" PRIx64
           ".\n\n",
           frame, frame * FRAME_SIZE + (va & (FRAME_SIZE - 1)));
    for (int level = 4; level > 0; level--)
        rebuilt |= (uint64_t)table_index(va, level) << (12 + 9 * (level - 1));
    stage_claim(rebuilt == va, "the parts make up the address");
    stage_claim(frame != FRAME_NONE, "there is a frame behind the variable");
    stage_pause(12);
}

/* Touch a page and print what it took; the claim: so many tables, and the page. */
static void touch(uint64_t va, unsigned tables, const char *what)
{
    uint64_t free_before = frames_free(), tables_before = frames_tables();
    unsigned frames, made;

    *(volatile char *)va = 1;
    frames = (unsigned)(free_before - frames_free());
    made = (unsigned)(frames_tables() - tables_before);
    printf("      %3u %3u %3u %3u   %6u   %-27s", table_index(va, 4), table_index(va, 3),
           table_index(va, 2), table_index(va, 1), frames, what);
    printf("%u table%s + 1 page\n", made, made == 1 ? " " : "s");
    stage_claim(made == tables && frames == tables + 1, "%s: %u tables and a page", what, tables);
}

static void step_price(void)
{
    stage_caption("Pages far apart are touched. Each makes the tables\n"
                  "that its path lacks: four frames, or only one.");
    puts("2. 1 TiB is reserved, in a part of the address space that was empty. Then");
    puts("   pages here and there are touched. What is not there yet is made:");
    puts("");
    puts("     PML4 PDPT PD  PT   frames   the page                   is made of");
    touch(AREA_BASE, 3, "the first one");
    touch(AREA_BASE + KIB(4), 0, "its neighbour");
    touch(AREA_BASE + MIB(2), 1, "2 MiB further: next PT");
    touch(AREA_BASE + GIB(1), 2, "1 GiB further: next PD");
    touch(AREA_BASE + GIB(512), 3, "512 GiB further: next PDPT");
    touch(AREA_BASE + GIB(512) + KIB(4), 0, "its neighbour");
    puts("");
    puts("   PML4 -+- [ 64] PDPT -+- [0] PD -+- [0] PT -+- [0] page");
    puts("         |              |          |          +- [1] page");
    puts("         |              |          +- [1] PT --- [0] page");
    puts("         |              +- [1] PD --- [0] PT --- [0] page");
    puts("         +- [ 65] PDPT --- [0] PD --- [0] PT -+- [0] page");
    puts("                                              +- [1] page");
    puts("");
    puts("   A full set of tables for 1 TiB would be 2 GiB. These are nine frames.");
    puts("");
    stage_pause(16);
}

static void step_scattered(void)
{
    static const int order[SCATTERED] = { 3, 0, 6, 1, 7, 4, 2, 5 };
    volatile char *area = (volatile char *)(AREA_BASE + MIB(1));
    bool in_order = true;

    stage_caption("Neighbours among pages, touched in another order,\n"
                  "have frames that lie elsewhere.");
    puts("3. Pages that are neighbours need not have frames that are. Eight of them,");
    puts("   touched in another order than they lie in:");
    puts("");
    for (int i = 0; i < SCATTERED; i++)
        area[order[i] * FRAME_SIZE] = 1;
    printf("      page ");
    for (int i = 0; i < SCATTERED; i++)
        printf("%8d", i);
    printf("\n      frame");
    for (int i = 0; i < SCATTERED; i++) {
        uint64_t frame = frames_behind(area + i * FRAME_SIZE);

        printf("%8" PRIx64, frame);
        if (i > 0 && frame != frames_behind(area + (i - 1) * FRAME_SIZE) + 1)
            in_order = false;
    }
    puts("\n");
    stage_claim(!in_order, "the frames are in another order than the pages");
    stage_pause(9);
}

static void read_at(void *address)
{
    (void)*(volatile char *)address;
}

static void write_at(void *address)
{
    *(volatile char *)address = 1;
}

/* A child tries; the claim: it dies by SIGSEGV. */
static void forbidden(void (*access)(void *), uint64_t va, const char *why)
{
    int status = stage_in_child(access, (void *)va);

    printf("      %#18" PRIx64 "   %-44s", va, why);
    printf(WIFSIGNALED(status) ? "signal %d\n" : "exit %d\n",
           WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
    stage_claim(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV, "%s kills", why);
}

static void step_dead_ends(void)
{
    static const char constant[] = "read-only";

    stage_caption("Four walks that end badly: nothing there, no right to\n"
                  "write, the kernel's, no address at all.");
    puts("4. Walks that end badly. A child of this program tries each of these, and");
    puts("   is killed:");
    puts("");
    forbidden(read_at, AREA_BASE + AREA_SIZE, "an empty entry, and no area reserved there");
    forbidden(write_at, (uint64_t)constant, "an entry without W: a write");
    forbidden(read_at, 0xffff800000000000, "entries without U: the kernel's memory");
    forbidden(read_at, 0x0000800000000000, "bits 63 to 48 unlike bit 47: no address");
    puts("");
    puts("   Signal 11 is SIGSEGV. The rights of all four entries count together.");
    puts("");
    stage_pause(10);
}

static void step_unmap(void)
{
    uint64_t before = frames_free(), tables = frames_tables();

    stage_caption("All is unmapped: pages go, and every empty table.");
    puts("5. All of it is unmapped. Pages go, and so does each table that is empty:");
    puts("");
    if (munmap((void *)AREA_BASE, AREA_SIZE) != 0)
        stage_fail("munmap");
    printf("   Tables given back: %" PRIu64 ".\n", tables - frames_tables());
    stage_claim(tables - frames_tables() == 9, "nine tables are given back");
    /* The pages of steps 2 and 3, and the tables; what describes the area may be one more. */
    stage_claim(-stage_cost(before) >= 6 + SCATTERED + 9, "the pages are given back too");
    stage_pause(7);
}

static void story(void)
{
    step_split();
    if (mmap((void *)AREA_BASE, AREA_SIZE, PROT_READ | PROT_WRITE,
             MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1, 0) == MAP_FAILED)
        stage_fail("mmap");
    step_price();
    step_scattered();
    step_dead_ends();
    step_unmap();
}

int main(int argc, char **argv)
{
    static const struct demo demo = {
        .title = "Walking an address: from page to frame in four steps",
        .opening = "Every address that a program uses is looked up by the CPU in four tables:\n"
                   "PML4, PDPT, PD, PT. Each is one frame with 512 entries; each entry leads to\n"
                   "the next table, the last one to the page's frame.\n",
        .story = story,
    };

    return stage_main(argc, argv, &demo);
}
