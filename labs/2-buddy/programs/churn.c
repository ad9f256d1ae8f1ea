/*
 * Lab 2: programs need frames, and give them back.
 *
 *     step 1     a challenge, through pages of a child that shares them
 *     step 2     the parent's pages, after the child wrote to its own
 *     step 3     free frames lost since the beginning, plus a challenge
 *     step 4     the end
 */
#include "lab.h"

#include <stdbool.h>
#include <sys/mman.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096, PAGES = 64, ROUNDS = 12, HUGE = 2 << 20 };

static uint64_t free_frames(void)
{
    struct sysinfo info = { 0 };

    sysinfo(&info);
    return info.freeram * info.mem_unit / PAGE;
}

static uint64_t *map(unsigned long bytes, int more)
{
    void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | more, -1, 0);

    return at == MAP_FAILED ? NULL : at;
}

static void fill(volatile uint64_t *at, uint64_t value)
{
    for (unsigned i = 0; i < PAGES; i++)
        at[i * PAGE / 8] = value + i;
}

static uint64_t sum(const volatile uint64_t *at)
{
    uint64_t total = 0;

    for (unsigned i = 0; i < PAGES; i++)
        total += at[i * PAGE / 8] - i;
    return total;
}

/* A child writes to pages that it shares, half of them, and one page of a large one. */
static void in_child(uint64_t *small, uint64_t *large, unsigned round, bool report)
{
    pid_t pid = fork();

    if (pid == 0) {
        if (report && round == 0)
            lab_witness(1, sum(small), 0, 0);
        for (unsigned i = round % 2; i < PAGES; i += 2)
            small[i * PAGE / 8] = 0;
        if (large)
            large[round * PAGE / 8] = round;
        _exit(0);
    }
    if (pid > 0)
        waitpid(pid, NULL, 0);
}

static void work(uint64_t value, bool report)
{
    uint64_t *small = map(PAGES * PAGE, 0), *large = map(HUGE, MAP_HUGETLB);

    if (!small)
        return;
    fill(small, value);
    if (large)
        large[0] = value;
    for (unsigned round = 0; round < ROUNDS; round++)
        in_child(small, large, round, report);
    if (report)
        lab_witness(2, sum(small), 0, 0);
    munmap(small, PAGES * PAGE);
    if (large)
        munmap(large, HUGE);
}

/* In a process of its own, so that its tables are gone, too, when frames are counted. */
static void work_apart(uint64_t value, bool report)
{
    pid_t pid = fork();

    if (pid == 0) {
        work(value, report);
        _exit(0);
    }
    if (pid > 0)
        waitpid(pid, NULL, 0);
}

int main(void)
{
    uint64_t value = lab_challenge(1), before, after;

    work_apart(value, false); /* once, so that what is made at first use is there */
    before = free_frames();
    work_apart(value, true);
    after = free_frames();
    lab_witness(3, lab_challenge(3) + before - after, 0, 0);
    lab_witness(4, lab_challenge(4), 0, 0);
    return 0;
}
