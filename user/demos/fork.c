/*
 * The default demo: fork and copy-on-write, told by a program to which they happen.
 *
 *     director --- A --+-- B --- D      A tells the story and gives the orders
 *                      |                (players.h)
 *                      +-- C
 */
#include <stdarg.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "frames.h"
#include "players.h"
#include "stage.h"

enum { TOUCHED = 5 }; /* of the pages; the others stay reserved */

static uint64_t shown[PLAYERS][PAGES]; /* frames in the table printed last */

/* A caption with numbers in it: the live map knows processes by those. */
__attribute__((format(printf, 1, 2))) static void caption(const char *fmt, ...)
{
    char text[128];
    va_list args;

    va_start(args, fmt);
    vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    stage_caption(text);
}

static void print_cell(int player, int page)
{
    uint64_t frame = board->frame[player][page], before = shown[player][page];
    const char *gap = page < PAGES - 1 ? "   " : "\n";
    char number[20];

    shown[player][page] = frame;
    if (frame == FRAME_NONE) {
        printf("     -%s", page < PAGES - 1 ? "      " : "\n");
        return;
    }
    snprintf(number, sizeof(number), "%s%lx", before != FRAME_NONE && frame != before ? "*" : "",
             (unsigned long)frame);
    printf("%6s x%lu%s", number, (unsigned long)frames_refcount(frame), gap);
}

static void print_table(void)
{
    printf("\n       ");
    for (int page = 0; page < PAGES; page++)
        printf("  page %d%s", page, page < PAGES - 1 ? "    " : "\n");
    for (int player = A; player < PLAYERS; player++) {
        if (!board->alive[player])
            continue;
        printf("     %c ", player_letter(player));
        for (int page = 0; page < PAGES; page++)
            print_cell(player, page);
    }
    printf("\n");
}

static void print_readings(int page)
{
    printf("   Page %d now reads", page);
    for (int player = A; player < PLAYERS; player++)
        printf("%s \"%c\" in %c",
               player == A   ? ""
               : player == D ? " and"
                             : ",",
               board->text[player][page], player_letter(player));
    printf(".\n");
}

/* Do the players' first bytes of a page spell this, A first? */
static bool page_reads(int page, const char *letters)
{
    for (int player = A; player < PLAYERS; player++) {
        if (board->text[player][page] != letters[player])
            return false;
    }
    return true;
}

static void claim_frames(int page, int player, uint64_t references, const char *what)
{
    stage_claim(frames_refcount(board->frame[player][page]) == references, "%s: %lu references",
                what, (unsigned long)references);
}

static void step_touch(void)
{
    uint64_t before = frames_free();

    caption("A (pid %d) writes to five pages: five frames.", board->pid[A]);
    puts("1. Process A reserves six pages with mmap and writes an \"A\" into five.");
    puts("   Reserving takes no RAM. The first touch of a page gets it a frame.");
    player_map_pages(TOUCHED);
    player_report();
    print_table();
    for (int page = 0; page < TOUCHED; page++)
        claim_frames(page, A, 1, "a page that only A has");
    stage_claim(board->frame[A][TOUCHED] == FRAME_NONE, "page 5 has no frame");
    stage_cost(before);
    stage_pause(9);
}

static void step_fork(void)
{
    uint64_t before = frames_free();

    caption("A (pid %d) forks B and C, B forks D. No page is copied:\n"
            "all four have the same frames, read-only.",
            board->pid[A]);
    puts("2. A forks B and C, and B forks D. Nobody copies a page: all four point");
    puts("   at the same frames, and the hardware lets all four only read them.");
    puts("");
    puts("       A --+-- B --- D");
    puts("           |");
    puts("           +-- C");
    player_start(B);
    player_start(C);
    player_order(B, FORK_D, 0);
    player_report();
    print_table();
    for (int page = 0; page < TOUCHED; page++)
        claim_frames(page, D, PLAYERS, "a page of all four");
    puts("   Each process has page tables, a kernel stack and a user stack of its own.");
    stage_cost(before);
    stage_pause(10);
}

static void step_write(void)
{
    uint64_t before = frames_free();

    caption("D (pid %d) writes, then A (pid %d): each gets a copy.\n"
            "Parents are no different from children.",
            board->pid[D], board->pid[A]);
    puts("3. D writes to page 0. The CPU faults, the kernel copies that one page,");
    puts("   and D writes to its copy. The others never notice.");
    player_order(D, WRITE, 0);
    print_table();
    print_readings(0);
    stage_claim(page_reads(0, "AAAD"), "only D sees what D wrote");
    stage_claim(stage_cost(before) == 1, "one page was copied");
    stage_pause(8);

    before = frames_free();
    puts("4. A writes to page 1. A parent is no different from a child: it is A");
    puts("   that gets the copy. The frame it had before stays with the others.");
    player_order(A, WRITE, 1);
    print_table();
    claim_frames(1, A, 1, "A's copy");
    claim_frames(1, B, PLAYERS - 1, "what the others keep");
    stage_claim(stage_cost(before) == 1, "one page was copied");
    stage_pause(8);
}

static void step_last_writer(void)
{
    uint64_t before = frames_free(), old = board->frame[A][2];

    caption("D, C, B, A (pids %d, %d, %d, %d) write to one page.\n"
            "Three copies do: the last one takes the old frame over.",
            board->pid[D], board->pid[C], board->pid[B], board->pid[A]);
    puts("5. All four write to page 2: first D, then C, then B, then A. Three");
    puts("   copies do for four writers: when A writes, nobody else refers to the");
    puts("   old frame any more, so A takes it over in place.");
    for (int player = D; player >= A; player--)
        player_order(player, WRITE, 2);
    print_table();
    print_readings(2);
    stage_claim(page_reads(2, "ABCD"), "each sees what it wrote itself");
    stage_claim(board->frame[A][2] == old, "A keeps the old frame");
    stage_claim(stage_cost(before) == 3, "three copies were made");
    stage_pause(9);
}

static void step_kernel(void)
{
    uint64_t before = frames_free();

    caption("The kernel writes for C (pid %d):\n"
            "it honours copy-on-write too.",
            board->pid[C]);
    puts("6. C calls read(), and the kernel writes the byte it reads into page 3.");
    puts("   The kernel honours copy-on-write too. B only looks at page 4: reading");
    puts("   never copies.");
    player_order(C, RECEIVE, 3);
    player_order(B, READ, 4);
    print_table();
    print_readings(3);
    stage_claim(page_reads(3, "AACA"), "only C sees what the kernel wrote for it");
    claim_frames(4, B, PLAYERS, "what was only read");
    stage_claim(stage_cost(before) == 1, "one page was copied");
    stage_pause(8);
}

static void step_exit(void)
{
    uint64_t before = frames_free();

    caption("D, C and B (pids %d, %d, %d) exit.\n"
            "A frame is free with its last reference.",
            board->pid[D], board->pid[C], board->pid[B]);
    puts("7. D, C and B exit. Each gives back its references; a frame is freed");
    puts("   with its last one. A is alone again and keeps what it had.");
    player_order(D, QUIT, 0);
    player_order(B, REAP, 0);
    player_order(C, QUIT, 0);
    wait(NULL);
    player_order(B, QUIT, 0);
    wait(NULL);
    player_report();
    print_table();
    for (int page = 0; page < TOUCHED; page++)
        claim_frames(page, A, 1, "a page that A has for itself again");
    stage_cost(before);
    stage_pause(7);
}

static void story(void)
{
    players_init();
    player_become_a();
    for (int player = A; player < PLAYERS; player++) {
        for (int page = 0; page < PAGES; page++)
            shown[player][page] = FRAME_NONE;
    }
    step_touch();
    step_fork();
    step_write();
    step_last_writer();
    step_kernel();
    step_exit();
    puts("8. A exits too. Everything is given back:");
    puts("");
}

int main(int argc, char **argv)
{
    static const struct demo demo = {
        .title = "Fork and copy-on-write, seen from inside",
        .opening = "This is an ordinary Linux program. For each page of its memory it asks\n"
                   "the kernel which frame of RAM lies behind the page, and how many page\n"
                   "tables refer to that frame:\n"
                   "\n"
                   "    1a2f4 x3    frame number 0x1a2f4, referred to 3 times\n"
                   "   *1a2f4 x1    the same, and this page had another frame before\n"
                   "        -       no frame: the page is reserved, nothing lies behind it\n",
        .story = story,
    };

    return stage_main(argc, argv, &demo);
}
