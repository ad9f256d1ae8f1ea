/*
 * Every system call number with hostile arguments of one kind each, in children.
 * Only on Quire: on Linux it would find much more to do. The kernel must live.
 */
#include "test.h"

enum { NUMBERS = 460 };

static const unsigned long hostile[] = {
    0,
    1,
    0x10,
    (unsigned long)-1,
    0x7ffffffff000,
    0x8000000000000000,
    0xffff800000000000,
    0xffffffff80000000,
    0x7fffffff,
    0x100000000,
};

static bool would_wait(long number)
{
    return number == SYS_pause || number == SYS_wait4 || number == SYS_poll || number == SYS_read ||
           number == SYS_nanosleep || number == SYS_clock_nanosleep;
}

/* Kill only within the test: -1 and 1 reach others. */
static bool would_kill(long number)
{
    return number == SYS_kill || number == SYS_tkill || number == SYS_tgkill;
}

static int call_all(void *arg)
{
    long number = *(long *)arg;

    close(0), close(1), close(2);
    for (size_t i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++) {
        unsigned long value = hostile[i];

        /* Each call doubles the number of processes. */
        if (i > 0 && (number == SYS_fork || number == SYS_vfork || number == SYS_clone))
            break;
        syscall(number, value, value, value, value, value, value);
        syscall(number, value, 1, value, 1, value, 1);
        syscall(number, 1, value, 1, value, 1, value);
    }
    return 0;
}

int main(void)
{
    long skipped = 0;

    for (long number = 0; number < NUMBERS; number++) {
        if (would_wait(number) || would_kill(number)) {
            skipped++;
            continue;
        }
        in_child(call_all, &number);
        while (wait(NULL) > 0)
            ;
    }
    say("skipped %ld\n", skipped);
    return test_end();
}
