/*
 * scarce ROUNDS: fork where memory is scarce. A child takes all but a few frames first
 * and keeps them, so that a kernel that loses frames runs out of them.
 *
 *     step 1   memory is taken, but for a few frames             value c1
 *     step 2   ROUNDS children have come and gone                value c1
 *     step 3   now even fewer: forks that failed left no trace   value c1; a: how many failed
 *     step 4   all is given back, and fork works again           value c1
 */
#include <errno.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>

#include "lab.h"
#include "pages.h"

enum { COUNT = 4, FILLER = 1 << 16, SPARE = 40 };

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

/* The child that takes memory, as much as it is asked to, until the other end closes. */
static void taker(void)
{
    volatile uint64_t *filler = pages_map(FILLER, MAP_PRIVATE);
    uint64_t filled = 0, frames;

    close(request[1]);
    while (read(request[0], &frames, sizeof(frames)) == sizeof(frames)) {
        filled = take(filler, filled, frames);
        if (write(answer[1], &filled, sizeof(filled)) != sizeof(filled))
            break;
    }
    _exit(0);
}

static void leave(uint64_t frames)
{
    uint64_t taken;

    if (write(request[1], &frames, sizeof(frames)) != sizeof(frames) ||
        read(answer[0], &taken, sizeof(taken)) != sizeof(taken))
        _exit(3);
}

/* One frame after the other is taken; each time a fork gets a little less far. */
static uint64_t forks_that_fail(void)
{
    uint64_t failed = 0;

    for (uint64_t frames = SPARE; frames > 2; frames--) {
        long error;

        leave(frames);
        error = fork_and_wait();
        if (error == -ENOMEM)
            failed++;
        else if (error != 0)
            return 0;
    }
    return failed;
}

int main(int argc, char **argv)
{
    unsigned long rounds = argument(argc, argv, 1, 60), done = 0;
    uint64_t secret = lab_challenge(1), failed;

    if (pipe(request) != 0 || pipe(answer) != 0)
        return 2;
    if (fork() == 0)
        taker();
    pages = pages_map(COUNT, MAP_PRIVATE);
    pages_fill(pages, COUNT, secret);
    leave(UINT64_MAX); /* what this process shares with the taker, it copies now */
    if (fork_and_wait() != 0)
        return 1;
    leave(SPARE);
    lab_witness(1, secret, 0, 0);
    while (done < rounds && fork_and_wait() == 0)
        done++;
    lab_witness(2, pages_fold(pages, COUNT, secret) + (done - rounds), done, 0);
    failed = forks_that_fail();
    lab_witness(3, pages_fold(pages, COUNT, secret) + (failed < 5), failed, 0);
    close(request[1]);
    wait(NULL);
    pages_fill(pages, COUNT, secret + 1);
    secret += (uint64_t)fork_and_wait();
    lab_witness(4, pages_fold(pages, COUNT, secret + 1) - 1, 0, 0);
    return 0;
}
