/* System calls about time. Sleeps end with the first tick after their time. */
#include "kern/time.h"

#include "arch/timer.h"
#include "kern/linux.h"
#include "kern/syscall.h"
#include "sched/task.h"
#include "sched/wait_queue.h"
#include "vm/user_copy.h"

static uint64_t clock_wall_ns(void)
{
    return clock_boot_seconds() * (uint64_t)NSEC_PER_SEC + clock_ns();
}

static err_t clock_read(int clock, uint64_t *ns)
{
    switch (clock) {
    case CLOCK_REALTIME:
    case CLOCK_REALTIME_COARSE:
        *ns = clock_wall_ns();
        return ERR_OK;
    case CLOCK_MONOTONIC:
    case CLOCK_MONOTONIC_RAW:
    case CLOCK_MONOTONIC_COARSE:
    case CLOCK_BOOTTIME:
        *ns = clock_ns();
        return ERR_OK;
    case CLOCK_PROCESS_CPUTIME_ID:
    case CLOCK_THREAD_CPUTIME_ID:
        *ns = task_cpu_time();
        return ERR_OK;
    default:
        return ERR_INVAL;
    }
}

static struct linux_timespec timespec_from_ns(uint64_t ns)
{
    return (struct linux_timespec){ (int64_t)ns / NSEC_PER_SEC, (int64_t)ns % NSEC_PER_SEC };
}

/* Saturates: 292 years are for ever. */
static err_t timespec_to_ns(const struct linux_timespec *time, uint64_t *ns)
{
    int64_t total;

    if (time->sec < 0 || time->nsec < 0 || time->nsec >= NSEC_PER_SEC)
        return ERR_INVAL;
    if (__builtin_mul_overflow(time->sec, NSEC_PER_SEC, &total) ||
        __builtin_add_overflow(total, time->nsec, &total))
        total = INT64_MAX;
    *ns = (uint64_t)total;
    return ERR_OK;
}

int64_t sys_clock_gettime(struct trap_frame *frame)
{
    struct linux_timespec time;
    uint64_t ns;
    err_t err = clock_read((int)frame->rdi, &ns);

    if (err)
        return err;
    time = timespec_from_ns(ns);
    return copy_to_user(frame->rsi, &time, sizeof(time));
}

int64_t sys_gettimeofday(struct trap_frame *frame)
{
    const int32_t utc[2] = { 0, 0 };
    struct linux_timespec now = timespec_from_ns(clock_wall_ns());
    struct linux_timeval time = { now.sec, now.nsec / 1000 };
    err_t err = ERR_OK;

    if (frame->rdi)
        err = copy_to_user(frame->rdi, &time, sizeof(time));
    if (!err && frame->rsi)
        err = copy_to_user(frame->rsi, utc, sizeof(utc));
    return err;
}

int64_t sys_time(struct trap_frame *frame)
{
    int64_t now = timespec_from_ns(clock_wall_ns()).sec;
    err_t err = frame->rdi ? copy_to_user(frame->rdi, &now, sizeof(now)) : ERR_OK;

    return err ? err : now;
}

/* Sleep until clock_ns() is deadline; after a signal, say how much was left. */
static int64_t sleep_until(uint64_t deadline, vaddr_t remaining)
{
    uint64_t now;
    struct linux_timespec left;
    err_t err = wait_until(deadline);

    if (err != ERR_INTR || !remaining)
        return err;
    now = clock_ns();
    left = timespec_from_ns(deadline > now ? deadline - now : 0);
    return copy_to_user(remaining, &left, sizeof(left)) ? ERR_FAULT : err;
}

err_t time_deadline(int clock, bool absolute, vaddr_t request, uint64_t *deadline)
{
    struct linux_timespec time;
    uint64_t ns, clock_now, now = clock_ns();
    err_t err = copy_from_user(&time, request, sizeof(time));

    if (!err)
        err = timespec_to_ns(&time, &ns);
    if (!err)
        err = clock_read(clock, &clock_now);
    if (err)
        return err;
    if (!absolute)
        *deadline = ns + now;
    else
        *deadline = ns > clock_now ? now + (ns - clock_now) : now;
    return ERR_OK;
}

static int64_t sleep_on_clock(int clock, bool absolute, vaddr_t request, vaddr_t remaining)
{
    uint64_t deadline;
    err_t err = time_deadline(clock, absolute, request, &deadline);

    return err ? err : sleep_until(deadline, absolute ? 0 : remaining);
}

int64_t sys_nanosleep(struct trap_frame *frame)
{
    return sleep_on_clock(CLOCK_MONOTONIC, false, frame->rdi, frame->rsi);
}

int64_t sys_clock_nanosleep(struct trap_frame *frame)
{
    int clock = (int)frame->rdi;
    bool absolute = frame->rsi & TIMER_ABSTIME;

    if (clock == CLOCK_PROCESS_CPUTIME_ID || clock == CLOCK_THREAD_CPUTIME_ID)
        return ERR_INVAL;
    return sleep_on_clock(clock, absolute, frame->rdx, frame->r10);
}
