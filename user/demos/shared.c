/*
 * Shared memory beside private memory, and what two writers do to each other there.
 *
 * The child obeys through a pipe; each order is one byte, and is answered by one.
 */
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "frames.h"
#include "stage.h"

enum { BORN_PAGES = 16, ROUNDS = 1000 };
enum order { WRITE = 'w', LOOK = 'l', ADD = 'a', EXIT = 'x' };

static volatile int *shared_page, *private_page;
static volatile struct report {
    uint64_t shared_frame, private_frame;
    int shared_value, private_value;
} * child; /* what the child sees, in shared memory of its own */
static int order_pipe[2], answer_pipe[2];

static volatile void *area(uint64_t size, int how)
{
    void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, how | MAP_ANONYMOUS, -1, 0);

    if (at == MAP_FAILED)
        stage_fail("mmap");
    return at;
}

static void child_report(void)
{
    child->shared_frame = frames_behind(shared_page);
    child->private_frame = frames_behind(private_page);
    child->shared_value = *shared_page;
    child->private_value = *private_page;
}

static void child_live(void)
{
    char order;

    frames_open();
    while (read(order_pipe[0], &order, 1) == 1 && order != EXIT) {
        if (order == WRITE)
            *shared_page = *private_page = 2;
        for (int i = 0; order == ADD && i < ROUNDS; i++)
            *shared_page = *shared_page + 1;
        child_report();
        (void)!write(answer_pipe[1], "", 1);
    }
    _exit(0);
}

static void order(enum order what)
{
    char byte = (char)what;

    if (write(order_pipe[1], &byte, 1) != 1)
        stage_fail("write");
    if (what != EXIT && read(answer_pipe[0], &byte, 1) != 1)
        stage_fail("read");
}

static void print_row(const char *who, const uint64_t frame[2], const int value[2])
{
    printf("      %s", who);
    for (int i = 0; i < 2; i++)
        printf("   %6" PRIx64 " x%" PRIu64 "  reads %4d", frame[i], frames_refcount(frame[i]),
               value[i]);
    puts("");
}

static void print_both(void)
{
    uint64_t ours[] = { frames_behind(shared_page), frames_behind(private_page) };
    uint64_t theirs[] = { child->shared_frame, child->private_frame };

    puts("\n                     shared                  private");
    print_row("parent", ours, (int[]){ *shared_page, *private_page });
    print_row("child ", theirs, (int[]){ child->shared_value, child->private_value });
    puts("");
}

static void step_born(void)
{
    uint64_t before = frames_free(), tables = frames_tables();
    volatile char *many;
    long taken;

    stage_caption("Private memory is only promised; shared memory\n"
                  "has all its frames from the start.");
    printf("1. %d pages of private memory are reserved, then %d shared ones. Shared memory\n",
           BORN_PAGES, BORN_PAGES);
    puts("   has all its frames from the start: whoever touches it first must not be the");
    puts("   only one to have the frame.");
    puts("");
    many = area(BORN_PAGES * FRAME_SIZE, MAP_PRIVATE);
    printf("   Private: %ld frames.\n", (long)(before - frames_free()));
    stage_claim(before - frames_free() <= 1, "reserving takes a note at most");
    munmap((void *)many, BORN_PAGES * FRAME_SIZE);
    before = frames_free();
    many = area(BORN_PAGES * FRAME_SIZE, MAP_SHARED);
    tables = frames_tables() - tables;
    taken = stage_cost(before);
    stage_claim(taken - (long)tables >= BORN_PAGES && taken - (long)tables <= BORN_PAGES + 1,
                "shared memory is there from birth");
    munmap((void *)many, BORN_PAGES * FRAME_SIZE);
    stage_pause(9);
}

static void step_fork(void)
{
    stage_caption("A shared and a private page, and a fork:\n"
                  "both processes have both frames.");
    puts("2. A page of each kind; the parent writes 1 to both, and forks. Now both");
    puts("   processes have both frames (number, references, what is in it):");
    shared_page = area(FRAME_SIZE, MAP_SHARED);
    private_page = area(FRAME_SIZE, MAP_PRIVATE);
    *shared_page = *private_page = 1;
    pid_t pid = stage_fork();

    if (pid < 0)
        stage_fail("fork");
    if (pid == 0)
        child_live();
    order(LOOK);
    print_both();
    puts("   They look alike. But the private entries are read-only now, the shared ones");
    puts("   are as they were.");
    puts("");
    stage_claim(child->shared_frame == frames_behind(shared_page), "the shared frame is the same");
    stage_claim(child->private_frame == frames_behind(private_page), "the private one still is");
    stage_pause(10);
}

static void step_write(void)
{
    uint64_t before = frames_free();

    stage_caption("The child writes to both. The private page is copied,\n"
                  "the shared one is not.");
    puts("3. The child writes 2 to both. The private page is copied first, the shared");
    puts("   one is not:");
    order(WRITE);
    print_both();
    stage_claim(*shared_page == 2, "the parent sees what was written to shared memory");
    stage_claim(*private_page == 1, "and does not see the private write");
    stage_claim(child->private_frame != frames_behind(private_page), "the private page was copied");
    stage_claim(stage_cost(before) == 1, "one page was copied");
    stage_pause(10);
}

/* The parent reads, gives way to the child, and writes what it read, plus one. */
static void step_lost(void)
{
    int seen;

    stage_caption("Parent and child add to one number.\n"
                  "The parent is interrupted between reading and writing.");
    printf("4. Both add to the shared number: the child %d times one, the parent once.\n", ROUNDS);
    puts("   Adding is reading, adding, writing. The parent reads, and has to wait there:");
    puts("");
    *shared_page = 0;
    seen = *shared_page;
    printf("      parent reads  %4d\n", seen);
    order(ADD);
    printf("      child adds    %4d times one; the number is now %d\n", ROUNDS, *shared_page);
    stage_claim(*shared_page == ROUNDS, "the child has added");
    *shared_page = seen + 1;
    printf("      parent writes %4d\n\n", *shared_page);
    printf("   It should be %d. %d additions are lost; no fault, no signal, no message.\n\n",
           ROUNDS + 1, ROUNDS + 1 - *shared_page);
    stage_claim(*shared_page == 1, "the child's additions are lost");
    stage_pause(12);
}

static void step_atomic(void)
{
    stage_caption("The same with one instruction: nothing is lost.");
    puts("5. The same with one instruction for all three (lock xadd): there is no place");
    puts("   between reading and writing to be interrupted at.");
    puts("");
    *shared_page = 0;
    order(ADD);
    __atomic_fetch_add(shared_page, 1, __ATOMIC_SEQ_CST);
    printf("      the number is %d\n\n", *shared_page);
    stage_claim(*shared_page == ROUNDS + 1, "nothing is lost");
    stage_pause(8);
}

static void step_exit(void)
{
    uint64_t frame = frames_behind(shared_page);

    stage_caption("The child exits; the shared frame lives on,\n"
                  "until its last reference is gone.");
    puts("6. The child exits. The shared frame lives on with the references that are");
    puts("   left, and is free with the last one:");
    puts("");
    order(EXIT);
    wait(NULL);
    printf("      after the child:    frame %" PRIx64 " x%" PRIu64 ", reads %d\n", frame,
           frames_refcount(frame), *shared_page);
    stage_claim(frames_refcount(frame) == 1 && *shared_page == ROUNDS + 1, "it lives on");
    munmap((void *)shared_page, FRAME_SIZE);
    printf("      after munmap here:  frame %" PRIx64 " x%" PRIu64 "\n\n", frame,
           frames_refcount(frame));
    stage_claim(frames_refcount(frame) == 0, "the frame is free");
    stage_pause(8);
}

static void story(void)
{
    child = area(FRAME_SIZE, MAP_SHARED);
    if (pipe(order_pipe) != 0 || pipe(answer_pipe) != 0)
        stage_fail("pipe");
    step_born();
    step_fork();
    step_write();
    step_lost();
    step_atomic();
    step_exit();
}

int main(int argc, char **argv)
{
    static const struct demo demo = {
        .title = "Shared memory: one frame in two address spaces",
        .opening = "Two processes, a page that they share, and a page that each has for itself.\n"
                   "\n"
                   "      1a2f4 x2  reads 7     frame 0x1a2f4, referred to twice, a 7 in it\n",
        .story = story,
    };

    return stage_main(argc, argv, &demo);
}
