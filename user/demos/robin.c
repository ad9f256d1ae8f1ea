/*
 * Round robin: who runs when, as the processes themselves see it. A process that finds
 * that somebody else ran since it looked last notes that its turn has begun:
 *
 *     log->last   whose turn it is;   log->turn[]   who, and when it began
 *
 * On one CPU nobody runs between the look and the note but by an interrupt just there,
 * which costs a turn in the picture and nothing else.
 */
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "stage.h"

enum { RUNNERS = 4, TURNS_MAX = 4096, COLUMNS = 36, LOOKS = 1000, NAPS = 10 };
#define MS      ((uint64_t)1000000) /* nanoseconds */
#define QUANTUM (10 * MS)
#define SHOWN   ((uint64_t)COLUMNS * QUANTUM)

enum manner { GREEDY, POLITE };

static volatile struct {
    bool go;
    uint64_t start, end;
    int last, turns;
    struct {
        int who;
        uint64_t start;
    } turn[TURNS_MAX];
    uint64_t cpu[RUNNERS]; /* time on the CPU, ns */
} * log;

static uint64_t clock_now(clockid_t which)
{
    struct timespec t;

    clock_gettime(which, &t);
    return (uint64_t)t.tv_sec * 1000 * MS + (uint64_t)t.tv_nsec;
}

static void note_turn(int self)
{
    int n = log->turns;

    log->last = self;
    if (n == TURNS_MAX)
        return;
    log->turn[n].who = self;
    log->turn[n].start = clock_now(CLOCK_MONOTONIC);
    log->turns = n + 1;
}

static void run(int self, enum manner manner)
{
    uint64_t cpu;

    while (!log->go)
        sched_yield();
    cpu = clock_now(CLOCK_PROCESS_CPUTIME_ID);
    while (clock_now(CLOCK_MONOTONIC) < log->end) {
        for (int i = 0; i < LOOKS; i++)
            if (log->last != self)
                note_turn(self);
        if (manner == POLITE)
            sched_yield();
    }
    log->cpu[self] = clock_now(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    _exit(0);
}

static void start(int self, enum manner manner)
{
    pid_t pid = stage_fork();

    if (pid < 0)
        stage_fail("fork");
    if (pid == 0)
        run(self, manner);
}

static void prepare(void)
{
    log->go = false;
    log->last = -1;
    log->turns = 0;
}

static void release(uint64_t length)
{
    log->start = clock_now(CLOCK_MONOTONIC);
    log->end = log->start + length;
    log->go = true;
}

static void race(int count, const enum manner *manner, uint64_t length)
{
    prepare();
    for (int i = 0; i < count; i++)
        start(i, manner[i]);
    release(length);
    for (int i = 0; i < count; i++)
        wait(NULL);
}

/* Who had the CPU at a moment; -1 before the first turn. */
static int who_ran_at(uint64_t when)
{
    int who = -1;

    for (int i = 0; i < log->turns && log->turn[i].start <= when; i++)
        who = log->turn[i].who;
    return who;
}

static void print_chart(int count)
{
    puts("");
    for (int runner = 0; runner < count; runner++) {
        printf("      %c  ", 'A' + runner);
        for (int column = 0; column < COLUMNS; column++) {
            uint64_t middle = log->start + (uint64_t)column * QUANTUM + QUANTUM / 2;

            putchar(who_ran_at(middle) == runner ? '#' : '.');
        }
        puts("");
    }
    puts("         |         |         |         |     one column: 10 ms");
    puts("");
}

static int turns_of(int runner)
{
    int count = 0;

    for (int i = 0; i < log->turns; i++)
        count += log->turn[i].who == runner;
    return count;
}

static unsigned share_of(int runner, int count)
{
    uint64_t sum = 0;

    for (int i = 0; i < count; i++)
        sum += log->cpu[i];
    return sum ? (unsigned)(log->cpu[runner] * 100 / sum) : 0;
}

static void print_shares(int count)
{
    for (int i = 0; i < count; i++)
        printf("      %c: %4d turns, %5" PRIu64 " ms on the CPU, %2u %%\n", 'A' + i, turns_of(i),
               log->cpu[i] / MS, share_of(i, count));
    puts("");
}

static void step_three(void)
{
    static const enum manner manner[] = { GREEDY, GREEDY, GREEDY };
    int in_order = 0;

    stage_caption("Three processes compute. Every 10 ms\n"
                  "the next in the queue has its turn.");
    puts("1. Three processes that only compute. None gives way, but every 10 ms the timer");
    puts("   interrupts, and the next in the queue has its turn:");
    race(3, manner, SHOWN);
    print_chart(3);
    print_shares(3);
    for (int i = 1; i < log->turns; i++)
        in_order += log->turn[i].who == (log->turn[i - 1].who + 1) % 3;
    for (int i = 0; i < 3; i++)
        stage_claim(turns_of(i) * 4 >= log->turns && share_of(i, 3) >= 10, "%c has its share",
                    'A' + i);
    stage_claim(in_order * 10 >= (log->turns - 1) * 7 && log->turns > 6,
                "they take turns in order");
    stage_pause(12);
}

static void step_polite(void)
{
    static const enum manner manner[] = { GREEDY, POLITE };

    stage_caption("A is greedy, B gives way after a little work.\n"
                  "Same number of turns, not the same time.");
    puts("2. A is greedy, B is polite: after a little work it calls sched_yield(). Both");
    puts("   have as many turns. But a turn lasts as long as its owner likes, up to 10 ms:");
    race(2, manner, SHOWN);
    print_chart(2);
    print_shares(2);
    stage_claim(log->cpu[0] > 4 * log->cpu[1], "the greedy one has nearly all of the time");
    stage_claim(turns_of(1) * 10 >= turns_of(0) * 5, "the polite one has its turns");
    stage_pause(11);
}

/* Sleep 20 ms ten times; how late each awakening was, on average. */
static uint64_t lateness(int greedy)
{
    uint64_t late = 0;

    prepare();
    for (int i = 0; i < greedy; i++)
        start(i, GREEDY);
    release(NAPS * (20 + (uint64_t)greedy * 10) * MS + 10 * QUANTUM);
    for (int i = 0; i < NAPS; i++) {
        uint64_t due = clock_now(CLOCK_MONOTONIC) + 20 * MS;

        nanosleep(&(struct timespec){ .tv_nsec = (long)(20 * MS) }, NULL);
        late += clock_now(CLOCK_MONOTONIC) - due;
    }
    for (int i = 0; i < greedy; i++)
        wait(NULL);
    return late / NAPS;
}

static void step_sleeper(void)
{
    uint64_t late[RUNNERS];

    stage_caption("A process sleeps and wakes up, among greedy ones:\n"
                  "it waits at the end of the queue.");
    puts("3. A process sleeps 20 ms, does next to nothing, sleeps again: as an editor");
    puts("   does, that waits for keys. Who wakes up goes to the end of the queue. How");
    puts("   late is it, with greedy ones beside it?");
    puts("");
    for (int greedy = 0; greedy < RUNNERS; greedy++) {
        late[greedy] = lateness(greedy);
        printf("      %d greedy: %3" PRIu64 ".%" PRIu64 " ms late   ", greedy, late[greedy] / MS,
               late[greedy] % MS * 10 / MS);
        for (uint64_t i = 0; i < late[greedy] / MS && i < 40; i++)
            putchar('=');
        puts("");
    }
    puts("");
    stage_claim(late[3] > late[0] + QUANTUM, "three greedy ones make it wait for their turns");
    stage_pause(11);
}

static void step_many(void)
{
    static const enum manner manner[] = { GREEDY, GREEDY, GREEDY, GREEDY };
    uint64_t others;

    stage_caption("One user runs A, another one B, C and D:\n"
                  "turns are fair to processes, not to users.");
    puts("4. One user runs A. Another one runs B, C and D. Turns are fair to processes:");
    race(RUNNERS, manner, SHOWN);
    print_chart(RUNNERS);
    print_shares(RUNNERS);
    others = log->cpu[1] + log->cpu[2] + log->cpu[3];
    puts("   So whoever starts more of them has more of the machine.");
    puts("");
    stage_claim(others > log->cpu[0] && turns_of(0) * 3 <= log->turns,
                "the second user has most of the time");
    stage_pause(12);
}

static void story(void)
{
    log = mmap(NULL, sizeof(*log), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (log == MAP_FAILED)
        stage_fail("mmap");
    step_three();
    step_polite();
    step_sleeper();
    step_many();
}

int main(int argc, char **argv)
{
    static const struct demo demo = {
        .title = "Round robin, and a greedy task",
        .opening =
            "One CPU, several processes that want it. They note themselves when their turns\n"
            "begin; the picture is made of that.\n",
        .story = story,
    };

    return stage_main(argc, argv, &demo);
}
