/*
 * The default demo: fork and copy-on-write, told by a program to which they happen.
 *
 *     teller --- A --+-- B --- D        teller compares free frames before and after;
 *                    |                  A tells the story and gives the commands;
 *                    +-- C              B, C and D obey them.
 *
 * Each process writes the frame numbers of its six pages on a board (shared
 * memory) after every command, so that A can print them all in one table.
 *
 * Numbers can be compared to the frame because everything that is not the
 * subject is touched beforehand: the stack, the buffers, the shared board.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "frames.h"

enum { A, B, C, D, PROCESSES };
enum { PAGES = 6, TOUCHED = 5 };

/* One byte through the command pipe of a process; WRITE and READ name a page in a second byte. */
enum verb {
    FORK_D = 'f',  /* have a child, D */
    WRITE = 'w',   /* write your letter to the page */
    RECEIVE = 'k', /* let read() write the third byte of the command to the page */
    READ = 'r',    /* look at the page */
    REAP = 'z',    /* wait for your child */
    QUIT = 'q',    /* exit */
};

struct board {
    uint64_t frame[PROCESSES][PAGES];
    char text[PROCESSES][PAGES]; /* first byte of the page; 0 if it has no frame */
    bool alive[PROCESSES];
};

static struct board *board;  /* shared by all */
static volatile char *pages; /* private: the subject of the story */
static int self;
static int command_pipe[PROCESSES][2];
static int done_pipe[2];
static uint64_t shown[PROCESSES][PAGES]; /* frames in the table printed last */

static void demo_fail(const char *what)
{
    perror(what);
    exit(1);
}

static char process_letter(int process)
{
    return (char)('A' + process);
}

static void process_report(void)
{
    for (int page = 0; page < PAGES; page++) {
        volatile char *addr = pages + page * FRAME_SIZE;
        uint64_t frame = frames_behind(addr);

        board->frame[self][page] = frame;
        board->text[self][page] = frame == FRAME_NONE ? 0 : *addr;
    }
    board->alive[self] = true;
}

static void process_run(int process);

static void process_fork(int process)
{
    pid_t pid = fork();

    if (pid < 0)
        demo_fail("fork");
    if (pid == 0)
        process_run(process);
}

static void process_obey(enum verb verb)
{
    char page = 0;

    if (verb == WRITE || verb == READ || verb == RECEIVE)
        (void)!read(command_pipe[self][0], &page, 1);
    volatile char *addr = pages + page * FRAME_SIZE;

    switch (verb) {
    case FORK_D:
        process_fork(D);
        break;
    case WRITE:
        *addr = process_letter(self);
        break;
    case RECEIVE:
        (void)!read(command_pipe[self][0], (char *)addr, 1);
        break;
    case READ:
        (void)*addr;
        break;
    case REAP:
        wait(NULL);
        break;
    case QUIT:
        board->alive[self] = false;
        _exit(0);
    }
}

/* The life of B, C and D: report, then obey and report until told to quit. */
static void process_run(int process)
{
    char verb;

    self = process;
    frames_open();
    process_report();
    (void)!write(done_pipe[1], "", 1);
    while (read(command_pipe[self][0], &verb, 1) == 1) {
        process_obey(verb);
        process_report();
        /* A new child announces itself: one byte for each command either way. */
        if (verb != FORK_D)
            (void)!write(done_pipe[1], "", 1);
    }
    _exit(1);
}

static void await_done(void)
{
    char byte;

    if (read(done_pipe[0], &byte, 1) != 1)
        demo_fail("read");
}

static void order(int process, enum verb verb, int page)
{
    char bytes[3] = { (char)verb, (char)page, process_letter(process) };
    size_t length = verb == RECEIVE ? 3 : verb == WRITE || verb == READ ? 2 : 1;

    if (write(command_pipe[process][1], bytes, length) != (ssize_t)length)
        demo_fail("write");
    if (process == A) {
        (void)!read(command_pipe[A][0], bytes, 1);
        process_obey(verb);
        process_report();
    } else if (verb != QUIT) {
        await_done();
    }
}

static void print_cell(int process, int page)
{
    uint64_t frame = board->frame[process][page], before = shown[process][page];
    const char *gap = page < PAGES - 1 ? "   " : "\n";
    char number[20];

    shown[process][page] = frame;
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
    for (int process = A; process < PROCESSES; process++) {
        if (!board->alive[process])
            continue;
        printf("     %c ", process_letter(process));
        for (int page = 0; page < PAGES; page++)
            print_cell(process, page);
    }
    printf("\n");
}

static void print_readings(int page)
{
    printf("   Page %d now reads", page);
    for (int process = A; process < PROCESSES; process++)
        printf("%s \"%c\" in %c",
               process == A   ? ""
               : process == D ? " and"
                              : ",",
               board->text[process][page], process_letter(process));
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
    pages =
        mmap(NULL, PAGES * FRAME_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED)
        demo_fail("mmap");
    for (int page = 0; page < TOUCHED; page++)
        pages[page * FRAME_SIZE] = 'A';
    process_report();
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
    process_fork(B);
    await_done();
    process_fork(C);
    await_done();
    order(B, FORK_D, 0);
    process_report();
    print_table();
    puts("   Each process has page tables, a kernel stack and a user stack of its own.");
    print_cost(before);
}

static void step_write(void)
{
    uint64_t before = frames_free();

    puts("3. D writes to page 0. The CPU faults, the kernel copies that one page,");
    puts("   and D writes to its copy. The others never notice.");
    order(D, WRITE, 0);
    print_table();
    print_readings(0);
    print_cost(before);

    before = frames_free();
    puts("4. A writes to page 1. A parent is no different from a child: it is A");
    puts("   that gets the copy. The frame it had before stays with the others.");
    order(A, WRITE, 1);
    print_table();
    print_cost(before);
}

static void step_last_writer(void)
{
    uint64_t before = frames_free();

    puts("5. All four write to page 2: first D, then C, then B, then A. Three");
    puts("   copies do for four writers: when A writes, nobody else refers to the");
    puts("   old frame any more, so A takes it over in place.");
    for (int process = D; process >= A; process--)
        order(process, WRITE, 2);
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
    order(C, RECEIVE, 3);
    order(B, READ, 4);
    print_table();
    print_readings(3);
    print_cost(before);
}

static void step_exit(void)
{
    uint64_t before = frames_free();

    puts("7. D, C and B exit. Each gives back its references; a frame is freed");
    puts("   with its last one. A is alone again and keeps what it had.");
    order(D, QUIT, 0);
    order(B, REAP, 0);
    order(C, QUIT, 0);
    wait(NULL);
    order(B, QUIT, 0);
    wait(NULL);
    process_report();
    print_table();
    print_cost(before);
}

static void story_tell(void)
{
    self = A;
    frames_open();
    for (int process = A; process < PROCESSES; process++) {
        if (pipe(command_pipe[process]) != 0)
            demo_fail("pipe");
    }
    if (pipe(done_pipe) != 0)
        demo_fail("pipe");
    for (int process = A; process < PROCESSES; process++) {
        for (int page = 0; page < PAGES; page++)
            shown[process][page] = FRAME_NONE;
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
    board = mmap(NULL, sizeof(*board), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (board == MAP_FAILED)
        demo_fail("mmap");
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
