/*
 * Random system calls with random arguments, from values that have a meaning
 * somewhere: the kernel must live, and every frame must come back. Only on
 * Quire. Another seed and more children by the arguments:
 *
 *     fuzz_calls [SEED [CHILDREN [CALLS]]]
 */
#include <fcntl.h>
#include <sys/sysinfo.h>

#include "test.h"

static const long numbers[] = {
    SYS_read,
    SYS_write,
    SYS_open,
    SYS_close,
    SYS_fstat,
    SYS_lseek,
    SYS_mmap,
    SYS_mprotect,
    SYS_munmap,
    SYS_brk,
    SYS_rt_sigaction,
    SYS_rt_sigprocmask,
    SYS_ioctl,
    SYS_pread64,
    SYS_readv,
    SYS_writev,
    SYS_access,
    SYS_pipe,
    SYS_sched_yield,
    SYS_mremap,
    SYS_madvise,
    SYS_dup,
    SYS_dup2,
    SYS_getpid,
    SYS_clone,
    SYS_fork,
    SYS_vfork,
    SYS_execve,
    SYS_exit,
    SYS_wait4,
    SYS_uname,
    SYS_fcntl,
    SYS_gettimeofday,
    SYS_sysinfo,
    SYS_getppid,
    SYS_arch_prctl,
    SYS_time,
    SYS_set_tid_address,
    SYS_clock_gettime,
    SYS_exit_group,
    SYS_openat,
    SYS_newfstatat,
    SYS_set_robust_list,
    SYS_dup3,
    SYS_pipe2,
    SYS_prlimit64,
    SYS_getrandom,
    SYS_readlink,
    SYS_mmap,
    SYS_mmap,
    SYS_munmap,
    SYS_mprotect,
    SYS_mremap,
    SYS_madvise,
    SYS_fork,
};

static char *arena; /* what the calls may map, cut and move */
enum { ARENA = 16 << 20 };

static char scratch[2 * PAGE];

static unsigned long pick_address(uint64_t *state)
{
    uint32_t kind = random_next(state) % 16;
    unsigned long at = (unsigned long)arena + random_next(state) % (ARENA / PAGE) * PAGE;

    switch (kind) {
    case 0:
        return 0;
    case 1:
        return (unsigned long)-1 << (random_next(state) % 64);
    case 2:
        return 1UL << (random_next(state) % 64);
    case 3:
        return 0x7ffffffff000 - random_next(state) % 3 * PAGE;
    case 4:
        return 0xffff800000000000 + random_next(state);
    case 5:
        return at + random_next(state) % PAGE;
    case 6:
        return (unsigned long)scratch + random_next(state) % sizeof(scratch);
    case 7:
        return at & -(unsigned long)HUGE;
    default:
        return at;
    }
}

static unsigned long pick_size(uint64_t *state)
{
    uint32_t kind = random_next(state) % 16;

    switch (kind) {
    case 0:
        return (unsigned long)random_next(state) << 32 | random_next(state);
    case 1:
        return (unsigned long)-1 << (random_next(state) % 64);
    case 2:
        return 1UL << (random_next(state) % 64);
    case 3:
        return random_next(state) % 9000;
    case 4:
        return HUGE * (random_next(state) % 3 + 1);
    default:
        return random_next(state) % 200 * PAGE;
    }
}

static unsigned long pick_argument(uint64_t *state)
{
    switch (random_next(state) % 8) {
    case 0:
        return random_next(state) % 12; /* a descriptor, or flags */
    case 1:
        return random_next(state) % 64;
    case 2:
        return 1UL << random_next(state) % 24;
    case 3:
        return pick_size(state);
    case 4:
        return (unsigned long)-(long)(random_next(state) % 130);
    default:
        return pick_address(state);
    }
}

/* Memory calls get arguments that are mostly in order; else they would all be refused. */
static void pick_memory_call(uint64_t *state, long number, unsigned long *args)
{
    static const int sharing[] = { MAP_PRIVATE, MAP_PRIVATE, MAP_SHARED,
                                   MAP_PRIVATE | MAP_NORESERVE, MAP_PRIVATE | MAP_POPULATE };

    args[0] = pick_address(state);
    args[1] = pick_size(state);
    args[2] = random_next(state) % 4;
    if (number == SYS_mmap) {
        args[3] = MAP_ANONYMOUS | (unsigned)sharing[random_next(state) % 5];
        args[3] |= random_next(state) % 2 ? MAP_FIXED : 0;
        args[3] |= random_next(state) % 4 ? 0 : MAP_HUGETLB;
        args[4] = (unsigned long)-1;
        args[5] = 0;
        args[1] %= 64 << 20;
    } else if (number == SYS_mremap) {
        args[2] = pick_size(state) % (64 << 20);
        args[3] = random_next(state) % 4;
        args[4] = pick_address(state);
    } else if (number == SYS_madvise) {
        args[2] = MADV_DONTNEED;
    }
}

static bool is_memory_call(long number)
{
    return number == SYS_mmap || number == SYS_munmap || number == SYS_mprotect ||
           number == SYS_mremap || number == SYS_madvise;
}

/* The program's own code, data and stack: without them it might run for ever. */
static bool hits_program(unsigned long at, unsigned long size)
{
    unsigned long end = at + size < at ? (unsigned long)-1 : at + size;

    return (at < (unsigned long)arena && end > 0x10000) ||
           (at < 0x800000000000 && end > 0x700000000000);
}

/* Would end the child, or wait for ever: rarely, or never with these arguments. */
static bool is_unwelcome(uint64_t *state, long number, const unsigned long *args)
{
    if (number == SYS_exit || number == SYS_exit_group || number == SYS_execve)
        return random_next(state) % 200 != 0;
    if (is_memory_call(number) && hits_program(args[0], args[1]))
        return true;
    if (number == SYS_mremap && hits_program(args[4], args[2]))
        return true;
    return number == SYS_clone && (args[0] & 0x100);
}

static int call_at_random(void *arg)
{
    uint64_t *state = arg;
    unsigned calls = (unsigned)state[1];
    int forks = 0;

    for (int fd = 0; fd < 3; fd++)
        fcntl(fd, F_SETFL, O_NONBLOCK);
    for (unsigned i = 0; i < calls; i++) {
        long number = numbers[random_next(state) % (sizeof(numbers) / sizeof(numbers[0]))];
        unsigned long args[6];

        for (int j = 0; j < 6; j++)
            args[j] = pick_argument(state);
        if (is_memory_call(number))
            pick_memory_call(state, number, args);
        if (number == SYS_fork || number == SYS_vfork || number == SYS_clone) {
            if (++forks > 6)
                continue;
            number = SYS_fork;
        }
        /* Nobody may wait for ever: neither for a child nor at a pipe. */
        if (number == SYS_wait4)
            args[2] |= WNOHANG;
        if (number == SYS_pipe || number == SYS_pipe2) {
            number = SYS_pipe2;
            args[1] = O_NONBLOCK;
        }
        if (number == SYS_fcntl && (unsigned)args[1] == F_SETFL)
            continue;
        if (number == SYS_read || number == SYS_readv)
            args[0] = 0;
        if (is_unwelcome(state, number, args))
            continue;
        if (syscall(number, args[0], args[1], args[2], args[3], args[4], args[5]) == 0 &&
            number == SYS_fork)
            *state += (uint64_t)getpid();
    }
    return 0;
}

static long free_frames(void)
{
    struct sysinfo info = { 0 };

    sysinfo(&info);
    return (long)(info.freeram / PAGE * info.mem_unit);
}

/* One child with descendants and pipes of its own; returns when all of them are gone. */
static void run_child(uint64_t seed, unsigned calls)
{
    uint64_t state[2] = { seed * 0x9e3779b97f4a7c15, calls };
    int alive[2];
    char byte;

    CHECK(pipe(alive) == 0);
    pid_t pid = fork();

    if (pid == 0) {
        close(alive[0]);
        /* The end of the pipe that tells that one lives sits where no call reaches it. */
        dup2(alive[1], 200);
        close(alive[1]);
        close(1), close(2);
        _exit(call_at_random(state));
    }
    close(alive[1]);
    CHECK(waitpid(pid, NULL, 0) == pid);
    while (read(alive[0], &byte, 1) > 0)
        ;
    close(alive[0]);
}

int main(int argc, char **argv)
{
    uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 0) : 1;
    int children = argc > 2 ? atoi(argv[2]) : 6;
    unsigned calls = argc > 3 ? (unsigned)atoi(argv[3]) : 300;

    arena = mmap((void *)0x100000000000, ARENA, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    CHECK(arena == (void *)0x100000000000);
    run_child(seed, calls);
    usleep(200000);
    long before = free_frames();

    for (int i = 1; i < children; i++) {
        run_child(seed + (uint64_t)i, calls);
        for (int wait = 0; wait < 200 && free_frames() != before; wait++)
            usleep(1000); /* orphans that pid 1 has not reaped yet */
        if (free_frames() != before) {
            say("seed %llu: %ld frames lost\n", (unsigned long long)seed + (unsigned)i,
                before - free_frames());
            test_failures++;
            before = free_frames();
        }
    }
    return test_end();
}
