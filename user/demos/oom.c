/*
 * What happens when memory runs out. Runs on Quire only: it does run out.
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "frames.h"
#include "stage.h"

enum { BAR = 36, MARKS = 8, BITE = 32 /* pages */ };
#define PROMISED ((uint64_t)64 << 30)

static uint64_t whole; /* free frames at the start */

static void print_bar(const char *what)
{
    uint64_t left = frames_free();
    int full = BAR - (int)(left * BAR / whole);

    printf("      [");
    for (int i = 0; i < BAR; i++)
        putchar(i < full ? '#' : '.');
    printf("] %6" PRIu64 " free%s%s\n", left, *what ? ", " : "", what);
    fflush(stdout);
}

static volatile char *promise(uint64_t size)
{
    void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
                    -1, 0);

    if (at == MAP_FAILED)
        stage_fail("mmap");
    return at;
}

/* Touch pages until so many frames are left, or, at 0, until that kills. */
static void eat(uint64_t leave, bool show)
{
    volatile char *food = promise(PROMISED);
    uint64_t mark = whole - whole / MARKS, left;

    while ((left = frames_free()) > leave || leave == 0) {
        if (show && left < mark && mark > whole / MARKS) {
            print_bar("");
            mark -= whole / MARKS;
        }
        /* Look at what is left now and then, near the end after each page. */
        for (int pages = left > leave + 2 * BITE ? BITE : 1; pages > 0; pages--, food += FRAME_SIZE)
            *food = 1;
    }
}

static void eat_all(void *unused)
{
    (void)unused;
    eat(0, true);
}

static void step_promise(void)
{
    uint64_t before = frames_free();

    stage_caption("64 GiB are promised. A promise takes no memory.");
    puts("1. A program reserves 64 GiB. Nobody minds: a promise takes no memory. What is");
    puts("   free now, in frames:");
    puts("");
    munmap((void *)promise(PROMISED), PROMISED);
    print_bar("64 GiB promised");
    puts("");
    stage_cost(before);
    stage_claim(frames_free() == before, "a promise that was taken back leaves nothing behind");
    stage_pause(6);
}

static void step_eat(void)
{
    uint64_t before = frames_free();
    int status;

    stage_caption("A child collects on the promise, page by page,\n"
                  "until it is killed.");
    puts("2. A child collects on the promise, page by page:");
    puts("");
    status = stage_in_child(eat_all, NULL);
    print_bar("the child is gone");
    printf("\n   Its last touch found no frame. The kernel killed it: signal %d (SIGKILL).\n",
           WIFSIGNALED(status) ? WTERMSIG(status) : 0);
    puts("   All that it had is free again.");
    puts("");
    stage_claim(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL, "the child is killed");
    stage_claim(frames_free() == before, "all of it is free again");
    stage_pause(12);
}

static void touch_some(void *unused)
{
    volatile char *food = promise(PROMISED);

    (void)unused;
    for (int i = 0; i < 64; i++)
        food[i * FRAME_SIZE] = 1;
}

/* A large child that has stopped eating, and a small one that wants a little. */
static void step_who(void)
{
    int ready[2], status;
    char byte = 0;
    pid_t large;

    stage_caption("A large process rests; a small one asks for a little.\n"
                  "Who is killed?");
    puts("3. A child takes all but a few frames, and rests. A second one wants 64 pages.");
    puts("   Which of the two is killed?");
    puts("");
    if (pipe(ready) != 0)
        stage_fail("pipe");
    large = stage_fork();
    if (large == 0) {
        eat(48, false);
        (void)!write(ready[1], "", 1);
        for (;;)
            sleep(1);
    }
    (void)!read(ready[0], &byte, 1);
    print_bar("the large one rests");
    stage_pause(5);
    status = stage_in_child(touch_some, NULL);
    print_bar("the small one is gone");
    printf("\n   The small one: signal %d. The large one is alive: %s. Whoever asks when\n",
           WIFSIGNALED(status) ? WTERMSIG(status) : 0, kill(large, 0) == 0 ? "yes" : "no");
    puts("   nothing is left is killed, whoever took it all. This kernel does not guess");
    puts("   who is to blame; Linux does.");
    puts("");
    stage_claim(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL, "the small one is killed");
    stage_claim(waitpid(large, &status, WNOHANG) == 0, "the large one is alive");
    kill(large, SIGKILL);
    waitpid(large, &status, 0);
    close(ready[0]);
    close(ready[1]);
    stage_pause(12);
}

static volatile struct {
    int fork_error, read_error;
} * seen; /* shared: what the calls of the hungry child said */

static void call_while_empty(void *pipe_end)
{
    volatile char *untouched = promise(FRAME_SIZE * 1024);

    (void)frames_free();
    eat(2, false);
    seen->fork_error = fork() < 0 ? errno : 0;
    /* The pages next to each other share their table: it takes what is left. */
    for (int i = 0; frames_free() > 0 && i < 1023; i++)
        untouched[i * FRAME_SIZE] = 1;
    seen->read_error =
        read(*(int *)pipe_end, (char *)untouched + 1023 * FRAME_SIZE, 1) < 0 ? errno : 0;
}

static void step_calls(void)
{
    int ends[2];

    stage_caption("Who asks by a system call gets an error, not a signal.");
    puts("4. A program that asks by a system call gets an answer, not a signal. A child");
    puts("   uses up the memory, and then calls:");
    puts("");
    if (pipe(ends) != 0 || write(ends[1], "x", 1) != 1)
        stage_fail("pipe");
    stage_in_child(call_while_empty, &ends[0]);
    printf("      fork()                        %s\n", strerror(seen->fork_error));
    printf("      read() to an untouched page   %s\n\n", strerror(seen->read_error));
    stage_claim(seen->fork_error == ENOMEM, "fork says ENOMEM");
    stage_claim(seen->read_error == ENOMEM, "read says ENOMEM");
    close(ends[0]);
    close(ends[1]);
    stage_pause(9);
}

static void step_after(void)
{
    stage_caption("All is free again.");
    puts("5. After all this:");
    puts("");
    print_bar("");
    puts("");
    stage_claim(frames_free() == whole, "not a frame is missing");
    stage_pause(5);
}

static void story(void)
{
    stage_only_on_quire();
    seen = mmap(NULL, FRAME_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (seen == MAP_FAILED)
        stage_fail("mmap");
    whole = frames_free();
    step_promise();
    step_eat();
    step_who();
    step_calls();
    step_after();
}

int main(int argc, char **argv)
{
    static const struct demo demo = {
        .title = "Out of memory: who is told, and who is killed",
        .opening = "Promises are free. This is about what happens when everybody collects.\n",
        .story = story,
    };

    return stage_main(argc, argv, &demo);
}
