/* Clocks go forward, sleeping takes at least the time asked for, bad arguments are refused. */
#include <sys/time.h>
#include <time.h>

#include "test.h"

static int64_t now(clockid_t clock)
{
    struct timespec t;

    CHECK(clock_gettime(clock, &t) == 0);
    CHECK(t.tv_nsec >= 0 && t.tv_nsec < 1000000000);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void check_forward(clockid_t clock)
{
    int64_t before = now(clock);

    for (int i = 0; i < 2000; i++) {
        int64_t t = now(clock);

        CHECK(t >= before);
        before = t;
    }
}

static void check_sleep(int64_t nanoseconds)
{
    struct timespec t = { nanoseconds / 1000000000, nanoseconds % 1000000000 };
    int64_t before = now(CLOCK_MONOTONIC);

    CHECK(nanosleep(&t, NULL) == 0);
    CHECK(now(CLOCK_MONOTONIC) - before >= nanoseconds);
    before = now(CLOCK_MONOTONIC);
    CHECK(clock_nanosleep(CLOCK_MONOTONIC, 0, &t, NULL) == 0);
    CHECK(now(CLOCK_MONOTONIC) - before >= nanoseconds);
    int64_t until = now(CLOCK_MONOTONIC) + nanoseconds;

    t = (struct timespec){ until / 1000000000, until % 1000000000 };
    CHECK(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == 0);
    CHECK(now(CLOCK_MONOTONIC) >= until);
}

static void show_sleep(const char *what, long seconds, long nanoseconds)
{
    struct timespec t = { seconds, nanoseconds };

    show(what, nanosleep(&t, NULL));
}

int main(void)
{
    struct timespec past = { 0, 1 };
    struct timeval tv;

    check_forward(CLOCK_MONOTONIC);
    check_forward(CLOCK_REALTIME);
    check_sleep(0);
    check_sleep(1);
    check_sleep(30000000);
    show_sleep("negative seconds", -1, 0);
    show_sleep("negative nanoseconds", 0, -1);
    show_sleep("too many nanoseconds", 0, 1000000000);
    show("unknown clock", clock_gettime(12345, &past));
    say("absolute, in the past: %d\n",
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &past, NULL));
    say("unknown clock: %d\n", clock_nanosleep(12345, 0, &past, NULL));
    CHECK(gettimeofday(&tv, NULL) == 0 && tv.tv_usec >= 0 && tv.tv_usec < 1000000);
    CHECK(tv.tv_sec > 1600000000); /* later than 2020 */
    time_t stored = 0, returned = time(&stored);

    CHECK(returned == stored && returned - tv.tv_sec >= 0 && returned - tv.tv_sec < 60);
    CHECK(syscall(SYS_time, NULL) >= returned - 1); /* a coarser clock on Linux */
    CHECK(now(CLOCK_BOOTTIME) >= 0 && now(CLOCK_PROCESS_CPUTIME_ID) >= 0);
    return test_end();
}
