/*
 * A fork tree of fifteen processes:
 *
 *                        0
 *              1                   2
 *         3         4         5         6
 *       7   8     9   10   11   12    13  14
 *
 * Node n forks 2n + 1 and 2n + 2. Each then obeys orders, one byte through its pipe, and
 * answers with a byte through a common one.
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "frames.h"
#include "stage.h"

enum { NODES = 15, FIRST_LEAF = 7, DATA_PAGES = 64 };
enum order { WRITE = 'w', EXIT = 'x', REAP = 'r', LOOK = 'l' };

/* Shared: what each node says about itself. */
static volatile struct node {
    pid_t pid, parent;
    uint64_t frame; /* behind page 0 of the data */
    bool same;      /* do all pages have the root's frames? */
} * nodes;

static volatile char *data; /* private */
static uint64_t root_frame[DATA_PAGES];
static int order_pipe[NODES][2], answer_pipe[2];

static void node_report(int n)
{
    frames_open();
    nodes[n].pid = getpid();
    nodes[n].parent = getppid();
    nodes[n].frame = frames_behind(data);
    nodes[n].same = true;
    for (int i = 0; i < DATA_PAGES; i++)
        nodes[n].same &= frames_behind(data + i * FRAME_SIZE) == root_frame[i];
}

static void answer(void)
{
    (void)!write(answer_pipe[1], "", 1);
}

static void await_answers(int count)
{
    char byte;

    while (count-- > 0)
        if (read(answer_pipe[0], &byte, 1) != 1)
            stage_fail("read");
}

static void node_obey(int n, char order)
{
    if (order == WRITE)
        *data = (char)n;
    if (order == REAP)
        wait(NULL);
    if (order == EXIT)
        _exit(0);
    node_report(n);
    answer();
}

static void node_live(int n);

static void node_fork(int n)
{
    pid_t pid = stage_fork();

    if (pid < 0)
        stage_fail("fork");
    if (pid == 0)
        node_live(n);
}

static void node_live(int n)
{
    char order;

    for (int child = 2 * n + 1; child <= 2 * n + 2 && child < NODES; child++)
        node_fork(child);
    node_report(n);
    answer();
    while (read(order_pipe[n][0], &order, 1) == 1)
        node_obey(n, order);
    _exit(1);
}

static void order(int n, enum order what)
{
    char byte = (char)what;

    if (write(order_pipe[n][1], &byte, 1) != 1)
        stage_fail("write");
    if (what != EXIT)
        await_answers(1);
}

/* A node has exited when its parent has reaped it. */
static void end_node(int n)
{
    order(n, EXIT);
    order((n - 1) / 2, REAP);
}

static void print_tree(void)
{
    static const int indent[] = { 34, 16, 7, 3 }, apart[] = { 0, 32, 14, 5 };

    puts("");
    for (int level = 0, n = 0; level < 4; level++) {
        printf("   %*s", indent[level], "");
        for (int i = 0; i < 1 << level; i++, n++) {
            if (nodes[n].pid)
                printf("%4d", nodes[n].pid);
            else
                printf("   .");
            printf("%*s", i < (1 << level) - 1 ? apart[level] : 0, "");
        }
        puts("");
    }
    puts("");
}

static void step_root(void)
{
    uint64_t before = frames_free();

    stage_caption("One process with 64 pages of data.");
    puts("1. One process writes to 64 pages of its memory: it has 64 frames.");
    puts("");
    data = mmap(NULL, DATA_PAGES * FRAME_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
                -1, 0);
    if (data == MAP_FAILED)
        stage_fail("mmap");
    for (int i = 0; i < DATA_PAGES; i++) {
        data[i * FRAME_SIZE] = 'R';
        root_frame[i] = frames_behind(data + i * FRAME_SIZE);
    }
    stage_claim(stage_cost(before) >= DATA_PAGES, "64 frames were taken");
    stage_pause(6);
}

static void step_grow(void)
{
    uint64_t before = frames_free();
    bool same = true;

    stage_caption("It forks two, each of them two, each of these two:\n"
                  "fifteen processes, one copy of the data.");
    puts("2. It forks two children; each of them forks two; each of these two. The");
    puts("   process numbers, parents above their children:");
    node_fork(0);
    await_answers(NODES);
    print_tree();
    for (int n = 0; n < NODES; n++)
        same &= nodes[n].same;
    for (int n = 1; n < NODES; n++)
        stage_claim(nodes[n].parent == nodes[(n - 1) / 2].pid, "%d is a child of %d", nodes[n].pid,
                    nodes[(n - 1) / 2].pid);
    printf("   All have the same 64 frames. References to the first: %" PRIu64 ", one for\n",
           frames_refcount(root_frame[0]));
    printf("   each of the %d and one for the process that tells this.\n", NODES);
    printf("   Copying all would have taken %d frames for the data alone.\n", NODES * DATA_PAGES);
    stage_claim(same, "nobody has a frame of its own");
    stage_claim(frames_refcount(root_frame[0]) == NODES + 1, "all refer to the same frame");
    /* Tables, kernel stack and user stack of each. */
    stage_claim(stage_cost(before) < NODES * DATA_PAGES / 2, "that is cheaper than copying");
    stage_pause(12);
}

static void step_write(void)
{
    uint64_t before = frames_free();

    stage_caption("The eight in the last row write to one page:\n"
                  "eight copies. The others go on sharing.");
    puts("3. Each of the eight in the last row writes to page 0. That makes eight");
    puts("   copies; the seven above them go on sharing:");
    puts("");
    for (int n = FIRST_LEAF; n < NODES; n++)
        order(n, WRITE);
    printf("      process ");
    for (int n = FIRST_LEAF; n < NODES; n++)
        printf("%7d", nodes[n].pid);
    printf("\n      frame   ");
    for (int n = FIRST_LEAF; n < NODES; n++)
        printf("%7" PRIx64, nodes[n].frame);
    printf("\n\n   References to the old frame, %" PRIx64 ": %" PRIu64 ".\n", root_frame[0],
           frames_refcount(root_frame[0]));
    stage_claim(frames_refcount(root_frame[0]) == FIRST_LEAF + 1, "seven and the teller share");
    for (int n = FIRST_LEAF; n < NODES; n++)
        stage_claim(frames_refcount(nodes[n].frame) == 1, "a copy has one reference");
    stage_claim(stage_cost(before) == NODES - FIRST_LEAF, "eight frames were taken");
    stage_pause(10);
}

static void step_zombie(void)
{
    uint64_t before = frames_free();
    pid_t leaf = nodes[14].pid;
    int patience = 100;

    stage_caption("One exits, and nobody asks how it ended: a zombie.\n"
                  "Its memory is free, its number is not.");
    printf("4. Process %d exits, and its parent %d does not ask how it ended. Its memory\n", leaf,
           nodes[6].pid);
    puts("   is given back at once, its number is not: a zombie.");
    order(14, EXIT);
    while (frames_refcount(nodes[14].frame) != 0 && patience-- > 0)
        usleep(10000);
    printf("\n   kill(%d, 0) finds it: %s.\n", leaf, kill(leaf, 0) == 0 ? "yes" : "no");
    stage_claim(kill(leaf, 0) == 0, "the zombie has its number");
    stage_claim(stage_cost(before) < 0, "its memory was given back");
    before = frames_free();
    printf("   Now %d waits for it. kill(%d, 0) finds it: ", nodes[6].pid, leaf);
    order(6, REAP);
    printf("%s.\n", kill(leaf, 0) == 0 ? "yes" : "no");
    stage_claim(kill(leaf, 0) != 0 && errno == ESRCH, "the zombie is gone");
    nodes[14].pid = 0;
    puts("");
    stage_pause(10);
}

static void step_orphans(void)
{
    pid_t gone = nodes[1].pid;

    stage_caption("One exits before its children.\n"
                  "Process 1 becomes the parent of the orphans.");
    printf("5. Process %d exits while its children %d and %d live on. Orphans get process\n", gone,
           nodes[3].pid, nodes[4].pid);
    puts("   1 as their parent; it waits for all who have nobody else:");
    end_node(1);
    nodes[1].pid = 0;
    order(3, LOOK);
    order(4, LOOK);
    print_tree();
    printf("   The parent of %d and %d is %d now, and of %d it is %d, as it was.\n\n", nodes[3].pid,
           nodes[4].pid, nodes[3].parent, nodes[7].pid, nodes[7].parent);
    stage_claim(nodes[3].parent == 1 && nodes[4].parent == 1, "process 1 adopted the orphans");
    stage_claim(nodes[7].parent == nodes[3].pid, "grandchildren keep their parent");
    stage_pause(10);
}

static void step_fell(void)
{
    uint64_t before = frames_free(), patience = 500;

    stage_caption("All exit, from the last row to the first.");
    puts("6. All exit, from the last row to the first. A frame is free with its last");
    puts("   reference:");
    puts("");
    for (int n = NODES - 1; n > 0; n--) {
        if (nodes[n].pid && (n == 3 || n == 4))
            order(n, EXIT); /* process 1 buries these */
        else if (nodes[n].pid)
            end_node(n);
    }
    order(0, EXIT);
    wait(NULL);
    while (frames_refcount(root_frame[1]) > 1 && patience-- > 0)
        usleep(10000);
    printf("   References to the first frame: %" PRIu64 ", ours.\n",
           frames_refcount(root_frame[0]));
    stage_claim(frames_refcount(root_frame[0]) == 1, "only the teller is left");
    stage_claim(stage_cost(before) < 0, "all was given back");
    stage_pause(7);
}

static void story(void)
{
    nodes = mmap(NULL, FRAME_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (nodes == MAP_FAILED || pipe(answer_pipe) != 0)
        stage_fail("setting up");
    for (int n = 0; n < NODES; n++)
        if (pipe(order_pipe[n]) != 0)
            stage_fail("pipe");
    step_root();
    step_grow();
    step_write();
    step_zombie();
    step_orphans();
    step_fell();
}

int main(int argc, char **argv)
{
    static const struct demo demo = {
        .title = "A fork tree: fifteen processes, one copy of the data",
        .opening = "fork() makes a process that is like its parent. Whose memory is whose, what\n"
                   "it costs, and what becomes of those whose parent is gone.\n",
        .story = story,
    };

    return stage_main(argc, argv, &demo);
}
