/* Kernel tasks: turns, preemption, sleep, wait queues. */
#include "arch/cpu.h"
#include "arch/percpu.h"
#include "arch/timer.h"
#include "kernel_tests.h"
#include "pmm/pmm.h"
#include "sched/sched.h"
#include "sched/task.h"

enum { TURNS = 5, WORKERS = 3 };

static char turns[TURNS * WORKERS + 1];
static volatile unsigned turn_count;
static volatile bool flag;

static bool start(const char *name, void (*entry)(void *), void *arg, int *pid)
{
    struct task *task;

    if (task_new(name, entry, arg, &task) != ERR_OK)
        return false;
    *pid = task->pid;
    task_start(task);
    return true;
}

/* Wait for a child of the test task and free it. */
static bool reap(int pid, int expected_status)
{
    int got, status;

    return task_wait(pid, 0, &got, &status) == ERR_OK && got == pid && status == expected_status;
}

static void take_turns(void *arg)
{
    cpu_disable_interrupts(); /* a tick would be a turn, too */
    for (int i = 0; i < TURNS; i++) {
        turns[turn_count++] = *(const char *)arg;
        schedule();
    }
    task_exit(0);
}

/* Tasks that yield after each step take strictly equal turns. */
static bool test_round_robin(void)
{
    int pid[WORKERS];

    turn_count = 0;
    preempt_disable(); /* until all wait in line */
    for (int i = 0; i < WORKERS; i++)
        CHECK(start("turns", take_turns, (void *)&"abc"[i], &pid[i]));
    preempt_enable();
    for (int i = 0; i < WORKERS; i++)
        CHECK(reap(pid[i], 0));
    /* A tick may come before the first turn, and decide who has it. */
    CHECK(turns[0] != turns[1] && turns[1] != turns[2] && turns[2] != turns[0]);
    for (unsigned i = WORKERS; i < TURNS * WORKERS; i++)
        CHECK(turns[i] == turns[i - WORKERS]);
    return true;
}

static void wait_for_flag(void *arg)
{
    (void)arg;
    while (!flag) /* never yields: only the timer can take the CPU away */
        cpu_pause();
    task_exit(0);
}

static void set_flag(void *arg)
{
    (void)arg;
    flag = true;
    task_exit(0);
}

/* A busy kernel task is preempted by the timer. */
static bool test_preemption(void)
{
    int busy, setter;

    flag = false;
    CHECK(start("busy", wait_for_flag, NULL, &busy));
    CHECK(start("setter", set_flag, NULL, &setter));
    CHECK(reap(setter, 0) && reap(busy, 0));
    return true;
}

static void sleep_then_note(void *arg)
{
    uint64_t ms = *(const uint64_t *)arg;

    if (wait_until(clock_ns() + ms * 1000000) == ERR_OK)
        turns[turn_count++] = (char)ms;
    task_exit(0);
}

/* Sleepers wake in the order of their deadlines, not of their births. */
static bool test_sleep_order(void)
{
    static const uint64_t ms[WORKERS] = { 90, 30, 60 };
    int pid[WORKERS];

    turn_count = 0;
    for (int i = 0; i < WORKERS; i++)
        CHECK(start("sleeper", sleep_then_note, (void *)&ms[i], &pid[i]));
    for (int i = 0; i < WORKERS; i++)
        CHECK(reap(pid[i], 0));
    CHECK(turn_count == WORKERS && turns[0] == 30 && turns[1] == 60 && turns[2] == 90);
    return true;
}

static struct wait_queue queue = WAIT_QUEUE_INIT(queue);

static void wait_to_be_woken(void *arg)
{
    (void)arg;
    if (wait_sleep(&queue, NULL, WAIT_FOREVER) == ERR_OK)
        turn_count++;
    task_exit(0);
}

/* wait_wake_all wakes every waiter. */
static bool test_wake_all(void)
{
    int pid[WORKERS];

    turn_count = 0;
    for (int i = 0; i < WORKERS; i++)
        CHECK(start("waiter", wait_to_be_woken, NULL, &pid[i]));
    while (turn_count == 0) {
        schedule();
        wait_wake_all(&queue);
    }
    for (int i = 0; i < WORKERS; i++) {
        wait_wake_all(&queue);
        CHECK(reap(pid[i], 0));
    }
    CHECK(turn_count == WORKERS);
    return true;
}

/* A task whose memory cannot be had leaves nothing behind. */
static bool test_task_new_fails(void)
{
    struct task *task;

    for (uint64_t n = 1;; n++) {
        err_t err;

        pmm_fail_after(n);
        err = task_new("never", set_flag, NULL, &task);
        pmm_fail_after(0);
        if (err == ERR_OK)
            break;
        CHECK(err == ERR_NOMEM && n < 100);
    }
    task_discard(task);
    return true;
}

const struct kernel_test sched_tests[] = {
    { "kernel tasks take equal turns", test_round_robin },
    { "a busy kernel task is preempted", test_preemption },
    { "sleepers wake in the order of their deadlines", test_sleep_order },
    { "a wake-up reaches every waiter", test_wake_all },
    { "every failed allocation of task_new is undone", test_task_new_fails },
    { NULL, NULL },
};
