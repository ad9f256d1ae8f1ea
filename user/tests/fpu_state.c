/*
 * x87, SSE registers and their control words survive switches, belong to one process, cross
 * fork.
 */
#include "test.h"

enum { TASKS = 6, ROUNDS = 300 };

struct sse {
    uint64_t xmm[16][2];
};

static void sse_load(const struct sse *from)
{
    __asm__ volatile("movups 0(%0), %%xmm0; movups 16(%0), %%xmm1; movups 32(%0), %%xmm2;"
                     "movups 48(%0), %%xmm3; movups 64(%0), %%xmm4; movups 80(%0), %%xmm5;"
                     "movups 96(%0), %%xmm6; movups 112(%0), %%xmm7; movups 128(%0), %%xmm8;"
                     "movups 144(%0), %%xmm9; movups 160(%0), %%xmm10; movups 176(%0), %%xmm11;"
                     "movups 192(%0), %%xmm12; movups 208(%0), %%xmm13; movups 224(%0), %%xmm14;"
                     "movups 240(%0), %%xmm15" ::"r"(from)
                     : "memory", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7",
                       "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");
}

/* The registers are stored right after the call, before the compiler can use any of them. */
static void sse_across(const struct sse *from, struct sse *to, long number)
{
    long result;

    sse_load(from);
    __asm__ volatile("syscall" : "=a"(result) : "a"(number) : "rcx", "r11", "memory");
    __asm__ volatile("movups %%xmm0, 0(%0); movups %%xmm1, 16(%0); movups %%xmm2, 32(%0);"
                     "movups %%xmm3, 48(%0); movups %%xmm4, 64(%0); movups %%xmm5, 80(%0);"
                     "movups %%xmm6, 96(%0); movups %%xmm7, 112(%0); movups %%xmm8, 128(%0);"
                     "movups %%xmm9, 144(%0); movups %%xmm10, 160(%0); movups %%xmm11, 176(%0);"
                     "movups %%xmm12, 192(%0); movups %%xmm13, 208(%0); movups %%xmm14, 224(%0);"
                     "movups %%xmm15, 240(%0)" ::"r"(to)
                     : "memory");
}

static int keep_registers(int task)
{
    struct sse mine, seen;
    unsigned short control = (unsigned short)(0x037f & ~((task & 3) << 8)), control_seen;
    unsigned mxcsr = 0x1f80 | (unsigned)(task & 3) << 13, mxcsr_seen;
    long double sum = task;

    for (int i = 0; i < 16; i++)
        mine.xmm[i][0] = mine.xmm[i][1] = (uint64_t)task << 56 | (uint64_t)i;
    __asm__ volatile("fldcw %0; ldmxcsr %1" ::"m"(control), "m"(mxcsr));
    for (int round = 0; round < ROUNDS; round++) {
        mine.xmm[round % 16][round % 2]++;
        sse_across(&mine, &seen, SYS_sched_yield);
        CHECK(memcmp(&mine, &seen, sizeof(mine)) == 0);
        __asm__ volatile("fnstcw %0; stmxcsr %1" : "=m"(control_seen), "=m"(mxcsr_seen));
        CHECK(control_seen == control && (mxcsr_seen & ~0x3fu) == mxcsr);
        sum += 1;
    }
    CHECK(sum == (long double)task + ROUNDS);
    return test_failures != 0;
}

static void fork_keeps(void)
{
    struct sse mine, seen;
    long double on_x87 = 1.25L, from_x87;
    int status = 0;
    long pid;

    for (int i = 0; i < 32; i++)
        mine.xmm[i / 2][i % 2] = 0x1111111111111111ULL * (unsigned)(i % 15 + 1);
    __asm__ volatile("fldt %0" ::"m"(on_x87));
    sse_load(&mine);
    __asm__ volatile("syscall" : "=a"(pid) : "a"(SYS_fork) : "rcx", "r11", "memory");
    sse_across(&mine, &seen, SYS_getpid);
    __asm__ volatile("fstpt %0" : "=m"(from_x87));
    CHECK(memcmp(&mine, &seen, sizeof(mine)) == 0);
    CHECK(from_x87 == on_x87);
    if (pid == 0)
        _exit(test_failures != 0);
    CHECK(wait(&status) == pid);
    show_status("child of fork", status);
}

int main(void)
{
    for (int task = 0; task < TASKS; task++) {
        if (fork() == 0)
            _exit(keep_registers(task));
    }
    for (int status; wait(&status) > 0;)
        show_status("task", status);
    fork_keeps();
    return test_end();
}
