/* Claims, players and the director: see stage.h. Pace and keys are in pace.c. */
#include "stage.h"

#include <elf.h>
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "frames.h"
#include "pace.h"

enum { USAGE = 2, LEFT = 3 }; /* exit statuses of the demo, besides 0 and 1 */
enum { PLAYERS_MAX = 128, STACK_USED = 32 * FRAME_SIZE };

/* Shared by the director, the story and its players. */
static struct notes {
    int claims, failures;
    int players;
    pid_t player[PLAYERS_MAX];
} * notes;

void stage_fail(const char *what)
{
    fflush(stdout);
    perror(what);
    exit(1);
}

/* ---- claims ---------------------------------------------------------------- */

void stage_claim(bool holds, const char *fmt, ...)
{
    va_list args;

    notes->claims++;
    if (holds)
        return;
    notes->failures++;
    printf("   THIS DOES NOT HOLD: ");
    va_start(args, fmt);
    vprintf(fmt, args);
    va_end(args);
    puts(".");
}

long stage_cost(uint64_t free_before)
{
    long taken = (long)(free_before - frames_free());

    printf("   This step %s %ld frame%s of RAM.\n\n", taken < 0 ? "gave back" : "took", labs(taken),
           labs(taken) == 1 ? "" : "s");
    return taken;
}

void stage_only_on_quire(void)
{
    struct utsname name;

    if (uname(&name) == 0 && strcmp(name.nodename, "quire") == 0)
        return;
    fflush(stdout);
    fputs("This demo uses up all memory, so it runs on Quire only.\n", stderr);
    exit(1);
}

/* ---- players --------------------------------------------------------------- */

pid_t stage_fork(void)
{
    pid_t pid;

    fflush(stdout);
    pid = fork();
    if (pid > 0 && notes->players < PLAYERS_MAX)
        notes->player[notes->players++] = pid;
    return pid;
}

int stage_in_child(void (*body)(void *), void *arg)
{
    pid_t pid = stage_fork();
    int status = -1;

    if (pid < 0)
        stage_fail("fork");
    if (pid == 0) {
        body(arg);
        _exit(0);
    }
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return status;
}

/* Kill those that are left, and wait until pid 1 has buried them. */
static void players_end(void)
{
    for (int i = 0; i < notes->players; i++) {
        for (int patience = 200; kill(notes->player[i], SIGKILL) == 0 && patience > 0; patience--)
            usleep(10000);
    }
    notes->players = 0;
}

/* ---- the director ---------------------------------------------------------- */

/*
 * A frame for every page that the story will use, so that what it measures is what it
 * talks about: the program's own data, and a part of the stack.
 */
__attribute__((noinline)) static void story_touch_own(void)
{
    const Elf64_Phdr *segment = (const Elf64_Phdr *)getauxval(AT_PHDR);
    volatile char stack[STACK_USED];

    for (size_t i = 0; i < sizeof(stack); i += FRAME_SIZE)
        stack[i] = 0;
    for (unsigned long n = getauxval(AT_PHNUM); n > 0; n--, segment++) {
        volatile char *at = (volatile char *)segment->p_vaddr;

        if (segment->p_type != PT_LOAD || !(segment->p_flags & PF_W))
            continue;
        for (uint64_t i = 0; i < segment->p_memsz; i += FRAME_SIZE)
            at[i] = at[i]; /* the write makes a copy of the page */
        at[segment->p_memsz - 1] = at[segment->p_memsz - 1];
    }
    frames_open();
    (void)frames_free();
}

static void story_tell(const struct demo *demo)
{
    story_touch_own();
    printf("%s\n", demo->title);
    puts("========================================================================");
    printf("\n%s\n", demo->opening);
    stage_caption(demo->title);
    stage_pause(5);
    demo->story();
    fflush(stdout);
}

/* Tell the story in a process of its own: its exit status, or 1 if a signal killed it. */
static int story_run(const struct demo *demo)
{
    int status = 1 << 8;
    pid_t pid = fork();

    if (pid < 0)
        stage_fail("fork");
    if (pid == 0) {
        story_tell(demo);
        _exit(0);
    }
    waitpid(pid, &status, 0);
    if (WIFSIGNALED(status))
        fprintf(stderr, "the story was killed by signal %d\n", WTERMSIG(status));
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

/* Free frames, once they are `wanted` or patience is at its end: pid 1 may yet bury somebody. */
static uint64_t free_settled(uint64_t wanted)
{
    for (int patience = 50; frames_free() != wanted && patience > 0; patience--)
        usleep(10000);
    return frames_free();
}

/* Once through: the story's exit status, or 1 if it did not give back what it took. */
static int director_tell(const struct demo *demo)
{
    uint64_t before, after;
    int status;

    notes->claims = notes->failures = 0;
    pace_start();
    (void)frames_free(); /* touches every page that this process will need */

    before = frames_free();
    status = story_run(demo);
    if (status != 0) {
        players_end();
        return status;
    }
    notes->players = 0;
    after = free_settled(before);
    stage_caption(before == after && !notes->failures ? "Not a frame is missing. All claims hold."
                                                      : "SOMETHING DOES NOT HOLD.");
    printf("Free frames before: %lu, after: %lu, %s.\n", (unsigned long)before,
           (unsigned long)after, before == after ? "equal" : "NOT EQUAL");
    if (before != after || notes->failures)
        return 1;
    printf("%d claims were checked against the machine: all hold.\n", notes->claims);
    return 0;
}

static bool options_parse(int argc, char **argv, bool *length)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--length") == 0) {
            *length = true;
        } else if (!pace_option(argv[i])) {
            fprintf(stderr, "%s: '%s' is unknown; there are --pace, --step, --captions, --length\n",
                    argv[0], argv[i]);
            return false;
        }
    }
    return true;
}

int stage_main(int argc, char **argv, const struct demo *demo)
{
    bool length = false;
    int status;

    notes = mmap(NULL, sizeof(*notes), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (notes == MAP_FAILED)
        stage_fail("mmap");
    pace_init();
    if (!options_parse(argc, argv, &length))
        return USAGE;
    setvbuf(stdout, NULL, _IOFBF, FRAME_SIZE);
    frames_open();
    do
        status = director_tell(demo);
    while (status == STORY_AGAIN || ((status == 0 || status == 1) && pace_asks_again()));
    fflush(stdout);
    if (length)
        fprintf(stderr, "length: %u s\n", pace_seconds());
    return status == STORY_QUIT ? LEFT : status;
}
