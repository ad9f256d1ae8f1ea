/*
 * scarce ROUNDS: fork where memory is scarce. A child takes all but a few frames first
 * and keeps them, so that a kernel that loses frames runs out of them.
 *
 *     step 1   memory is taken, but for a few frames             value c1
 *     step 2   ROUNDS children have come and gone                value c1
 *     step 3   now even fewer: forks that failed left no trace   value c1; a: how many failed
 *     step 4   as much is given back as was taken since fork
 *              worked last, and it works: nothing was lost        value c1
 *     step 5   all is given back                                 value c1
 */
#include <errno.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>

#include "lab.h"
#include "pages.h"

enum { COUNT = 4, FILLER = 1 << 16, SPARE = 40, TRIES = 8 };

#define GIVE_BACK (UINT64_C(1) << 63) /* in a request: so many pages */

static volatile uint64_t *pages;
static int request[2], answer[2];

/* Fork a child that exits, and wait for it; neither side writes to memory. The error or 0. */
static long fork_and_wait(void)
{
    register long r10 __asm__("r10") = 0;
    long result = 57;

    __asm__ volatile("syscall\n"
                     "testq %%rax, %%rax\n"
                     "js 2f\n"
                     "jnz 1f\n"
                     "movl $60, %%eax\n"
                     "xorl %%edi, %%edi\n"
                     "syscall\n"
                     "1: movq %%rax, %%rdi\n"
                     "movl $61, %%eax\n"
                     "xorl %%esi, %%esi\n"
                     "xorl %%edx, %%edx\n"
                     "syscall\n"
                     "xorl %%eax, %%eax\n"
                     "2:"
                     : "+a"(result), "+r"(r10)
                     :
                     : "rcx", "r11", "rdi", "rsi", "rdx", "memory");
    return result;
}

static uint64_t free_frames(void)
{
    struct sysinfo info;

    sysinfo(&info);
    return info.freeram / PAGE * info.mem_unit;
}

/* Touch memory until only so many frames are left; a table is needed now and then, too. */
static uint64_t take(volatile uint64_t *filler, uint64_t filled, uint64_t frames)
{
    for (uint64_t now = free_frames(); now > frames && filled < FILLER; now = free_frames())
        for (uint64_t n = (now - frames + 1) / 2; n > 0 && filled < FILLER; n--) {
            filler[filled * PAGE / 8] = n;
            filled++;
        }
    return filled;
}

/* The child that takes memory and gives it back, as it is asked to, until the other end closes. */
static void taker(void)
{
    volatile uint64_t *filler = pages_map(FILLER, MAP_PRIVATE);
    uint64_t filled = 0, asked;

    close(request[1]);
    while (read(request[0], &asked, sizeof(asked)) == sizeof(asked)) {
        if (asked & GIVE_BACK) {
            filled -= asked - GIVE_BACK;
            madvise((void *)(filler + filled * PAGE / 8), (asked - GIVE_BACK) * PAGE,
                    MADV_DONTNEED);
        } else {
            filled = take(filler, filled, asked);
        }
        if (write(answer[1], &filled, sizeof(filled)) != sizeof(filled))
            break;
    }
    _exit(0);
}

/* Ask the taker; how many pages it has then. */
static uint64_t ask(uint64_t what)
{
    uint64_t taken;

    if (write(request[1], &what, sizeof(what)) != sizeof(what) ||
        read(answer[0], &taken, sizeof(taken)) != sizeof(taken))
        _exit(3);
    return taken;
}

/* What was taken when fork worked last, and in the end. */
struct taken {
    uint64_t enough, all;
};

/* One frame after the other is taken; at each step fork gets a little less far. */
static uint64_t forks_that_fail(struct taken *taken)
{
    uint64_t failed = 0;

    for (uint64_t frames = SPARE; frames > 2; frames--) {
        taken->all = ask(frames);
        for (int i = 0; i < TRIES; i++) {
            long error = fork_and_wait();

            if (error != 0 && error != -ENOMEM)
                return 0;
            failed += error != 0;
            if (failed == 0)
                taken->enough = taken->all;
        }
    }
    return failed;
}

int main(int argc, char **argv)
{
    unsigned long rounds = argument(argc, argv, 1, 60), done = 0;
    uint64_t secret = lab_challenge(1), failed;
    struct taken taken = { 0 };

    if (pipe(request) != 0 || pipe(answer) != 0)
        return 2;
    if (fork() == 0)
        taker();
    pages = pages_map(COUNT, MAP_PRIVATE);
    pages_fill(pages, COUNT, secret);
    ask(GIVE_BACK - 1); /* nothing; what this process shares with the taker, it copies now */
    if (fork_and_wait() != 0)
        return 1;
    ask(SPARE);
    lab_witness(1, secret, 0, 0);
    while (done < rounds && fork_and_wait() == 0)
        done++;
    lab_witness(2, pages_fold(pages, COUNT, secret) + (done - rounds), done, 0);
    failed = forks_that_fail(&taken);
    lab_witness(3, pages_fold(pages, COUNT, secret) + (failed < 5), failed, 0);
    ask(GIVE_BACK + (taken.all - taken.enough));
    lab_witness(4, secret + (uint64_t)fork_and_wait(), taken.all - taken.enough, 0);
    close(request[1]);
    wait(NULL);
    pages_fill(pages, COUNT, secret + 1);
    lab_witness(5, pages_fold(pages, COUNT, secret + 1) - 1, 0, 0);
    return 0;
}
