/*
 * The default demo: fork and copy-on-write, told by a program to which they happen.
 *
 *     teller --- A --+-- B --- D        teller compares free frames before and after;
 *                    |                  A tells the story and gives the orders
 *                    +-- C              (players.h)
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "frames.h"
#include "players.h"

enum { TOUCHED = 5 }; /* of the pages; the others stay reserved */

static uint64_t shown[PLAYERS][PAGES]; /* frames in the table printed last */

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

static void print_cost(uint64_t before)
{
    long taken = (long)(before - frames_free());

    printf("   This step %s %ld frame%s of RAM.\n\n", taken < 0 ? "gave back" : "took", labs(taken),
           labs(taken) == 1 ? "" : "s");
}

static void print_opening(void)
{
    puts("Fork and copy-on-write, seen from inside");
    puts("========================================================================");
    puts("");
    puts("This is an ordinary Linux program. For each page of its memory it asks");
    puts("the kernel which frame of RAM lies behind the page, and how many page");
    puts("tables refer to that frame:");
    puts("");
    printf("    %lx x%d    frame number 0x1a2f4, referred to 3 times\n", 0x1a2f4UL, 3);
    printf("   *%lx x%d    the same, and this page had another frame before\n", 0x1a2f4UL, 1);
    puts("        -       no frame: the page is reserved, nothing lies behind it");
    puts("");
}

static void step_touch(void)
{
    uint64_t before = frames_free();

    puts("1. Process A reserves six pages with mmap and writes an \"A\" into five.");
    puts("   Reserving takes no RAM. The first touch of a page gets it a frame.");
    player_map_pages(TOUCHED);
    player_report();
    print_table();
    print_cost(before);
}

static void step_fork(void)
{
    uint64_t before = frames_free();

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
    puts("   Each process has page tables, a kernel stack and a user stack of its own.");
    print_cost(before);
}

static void step_write(void)
{
    uint64_t before = frames_free();

    puts("3. D writes to page 0. The CPU faults, the kernel copies that one page,");
    puts("   and D writes to its copy. The others never notice.");
    player_order(D, WRITE, 0);
    print_table();
    print_readings(0);
    print_cost(before);

    before = frames_free();
    puts("4. A writes to page 1. A parent is no different from a child: it is A");
    puts("   that gets the copy. The frame it had before stays with the others.");
    player_order(A, WRITE, 1);
    print_table();
    print_cost(before);
}

static void step_last_writer(void)
{
    uint64_t before = frames_free();

    puts("5. All four write to page 2: first D, then C, then B, then A. Three");
    puts("   copies do for four writers: when A writes, nobody else refers to the");
    puts("   old frame any more, so A takes it over in place.");
    for (int player = D; player >= A; player--)
        player_order(player, WRITE, 2);
    print_table();
    print_readings(2);
    print_cost(before);
}

static void step_kernel(void)
{
    uint64_t before = frames_free();

    puts("6. C calls read(), and the kernel writes the byte it reads into page 3.");
    puts("   The kernel honours copy-on-write too. B only looks at page 4: reading");
    puts("   never copies.");
    player_order(C, RECEIVE, 3);
    player_order(B, READ, 4);
    print_table();
    print_readings(3);
    print_cost(before);
}

static void step_exit(void)
{
    uint64_t before = frames_free();

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
    print_cost(before);
}

static void story_tell(void)
{
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
    fflush(stdout);
    _exit(0);
}

/* Run the story in a process of its own, so that all it used is gone when it returns. */
static int story_run(void (*story)(void))
{
    int status = 1;
    pid_t pid = fork();

    if (pid < 0)
        demo_fail("fork");
    if (pid == 0)
        story();
    waitpid(pid, &status, 0);
    return status;
}

static void story_empty(void)
{
    _exit(0);
}

static void print_verdict(uint64_t before, uint64_t after)
{
    printf("Free frames before: %lu, after: %lu, %s.\n", (unsigned long)before,
           (unsigned long)after, before == after ? "equal" : "NOT EQUAL");
}

int main(void)
{
    players_init();
    setvbuf(stdout, NULL, _IOFBF, FRAME_SIZE);
    /* A rehearsal touches every page that this process will ever need. */
    print_opening();
    fflush(stdout);
    story_run(story_empty);
    (void)frames_free();

    uint64_t before = frames_free();
    int status = story_run(story_tell);
    uint64_t after = frames_free();

    if (status != 0)
        return 1;
    print_verdict(before, after);
    return before == after ? 0 : 1;
}
