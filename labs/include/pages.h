/*
 * What lab programs about memory share. They keep to memory that they map
 * themselves, so that the C library's own does not get in between.
 */
#pragma once

#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* for mremap */
#endif

#include "lab.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PAGE = 4096, HUGE = 2 << 20 };

/* A number that everything seen so far enters: 0 as long as all was right. */
struct tally {
    uint64_t wrong;
};

static inline void tally_equal(struct tally *t, uint64_t seen, uint64_t wanted)
{
    t->wrong |= seen ^ wanted;
}

/* The word at an address, as the program itself reads and writes it. */
static inline uint64_t word_get(const void *at)
{
    return *(const volatile uint64_t *)at;
}

static inline void word_set(void *at, uint64_t value)
{
    *(volatile uint64_t *)at = value;
}

/* Map pages: anywhere if `at` is null, else exactly there, which must be free. The result as a
 * number; a negative errno if there is none. */
static inline uint64_t pages_map(void *at, uint64_t pages, int prot, int more_flags)
{
    int sharing = more_flags & MAP_SHARED ? 0 : MAP_PRIVATE;
    int fixed = at ? MAP_FIXED_NOREPLACE : 0;

    return (uint64_t)syscall(SYS_mmap, at, pages * PAGE, prot,
                             MAP_ANONYMOUS | sharing | fixed | more_flags, -1, 0);
}

/* The same for a program that cannot go on without. */
static inline char *pages_need(void *at, uint64_t pages, int prot, int more_flags)
{
    uint64_t got = pages_map(at, pages, prot, more_flags);

    if (got > (uint64_t)-PAGE)
        _exit(99);
    return (char *)got;
}

static inline uint64_t pages_unmap(void *at, uint64_t pages)
{
    return (uint64_t)(munmap(at, pages * PAGE) == 0 ? 0 : errno);
}

static inline uint64_t pages_protect(void *at, uint64_t pages, int prot)
{
    return (uint64_t)(mprotect(at, pages * PAGE, prot) == 0 ? 0 : errno);
}

/* Would the kernel read, or write, for this program at an address? Needs 8 bytes; a write
 * stores zeroes. */
static inline bool kernel_reads(void *at)
{
    return syscall(SYS_rt_sigprocmask, SIG_BLOCK, at, NULL, 8) == 0;
}

static inline bool kernel_writes(void *at)
{
    return syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, at, 8) == 0;
}

/* Run body(arg) in a child. The signal that ended it, or 1000 + its exit status. */
static inline uint64_t child_end(void (*body)(void *), void *arg)
{
    int status = -1;
    pid_t pid = fork();

    if (pid == 0) {
        body(arg);
        _exit(0);
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid)
        return 2000;
    return (uint64_t)(WIFSIGNALED(status) ? WTERMSIG(status) : 1000 + WEXITSTATUS(status));
}

/* The same address, of which the compiler no longer knows what it is. */
static inline void *opaque(uintptr_t at)
{
    __asm__("" : "+r"(at));
    return (void *)at;
}

/* A small generator: the same seed gives the same run. */
struct dice {
    uint64_t state;
};

static inline struct dice dice_new(int argc, char **argv)
{
    return (struct dice){ argc > 1 ? strtoull(argv[1], NULL, 0) : 1 };
}

/* A number below n, n < 2^31. */
static inline uint64_t dice_roll(struct dice *dice, uint64_t n)
{
    dice->state = dice->state * 6364136223846793005 + 1442695040888963407;
    return (dice->state >> 33) % n;
}

/* Free RAM in frames, as the kernel tells it. */
static inline uint64_t frames_free(void)
{
    struct sysinfo info = { 0 };

    sysinfo(&info);
    return info.freeram / PAGE * info.mem_unit;
}
