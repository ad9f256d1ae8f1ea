/*
 * The pool on this machine: a process for each submission, so many at once. Equal
 * submissions wait for the first of them, whose verdict they then find in the cache.
 */
#include "class.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum state { STATE_WAITING, STATE_RUNNING, STATE_DONE };

struct pool {
    const struct class_plan *plan;
    enum state *states;
    pid_t *pids;
    size_t done, running, not_graded, graded;
    double begin;
};

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* On a terminal one line that changes; elsewhere a line for each submission. */
static void tell(const struct pool *pool, size_t index, enum class_end end)
{
    static const char *const words[] = { "graded", "kept", "as an equal one", "could not be graded",
                                         "could not be graded again: the earlier verdict stays" };
    const double each = (now() - pool->begin) / (double)(pool->graded ? pool->graded : 1);
    const size_t left = pool->plan->count - pool->done;

    if (!isatty(STDERR_FILENO)) {
        fprintf(stderr, "quire: %zu of %zu: %s: %s\n", pool->done, pool->plan->count,
                pool->plan->entries[index].name, words[end]);
        return;
    }
    fprintf(stderr, "\r\033[Kquire: %zu of %zu graded", pool->done, pool->plan->count);
    if (pool->not_graded)
        fprintf(stderr, ", %zu could not be graded", pool->not_graded);
    if (pool->graded && left)
        fprintf(stderr, ", about %.0f s left", each * (double)left);
    if (!left)
        fputs("\r\033[K", stderr);
}

static void finish(struct pool *pool, size_t index, enum class_end end)
{
    pool->states[index] = STATE_DONE;
    pool->done++;
    pool->not_graded += end == CLASS_NOT_GRADED || end == CLASS_NOT_AGAIN;
    pool->graded += end == CLASS_GRADED;
    tell(pool, index, end);
}

static bool twin_is_running(const struct pool *pool, size_t index)
{
    const struct class_entry *entries = pool->plan->entries;

    for (size_t i = 0; entries[index].sha256[0] && i < pool->plan->count; i++) {
        if (pool->states[i] == STATE_RUNNING &&
            strcmp(entries[i].sha256, entries[index].sha256) == 0)
            return true;
    }
    return false;
}

static bool start(struct pool *pool, size_t index)
{
    const pid_t parent = getpid();

    fflush(NULL);
    pool->pids[index] = fork();
    if (pool->pids[index] == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        _exit(getppid() == parent ? (int)class_task(pool->plan, index) : CLASS_NOT_GRADED);
    }
    if (pool->pids[index] < 0)
        return false;
    pool->states[index] = STATE_RUNNING;
    pool->running++;
    return true;
}

/* Start what can be started now. */
static bool fill(struct pool *pool, unsigned jobs)
{
    for (size_t i = 0; i < pool->plan->count && pool->running < jobs; i++) {
        if (pool->states[i] == STATE_WAITING && !twin_is_running(pool, i) && !start(pool, i))
            return false;
    }
    return true;
}

static void reap(struct pool *pool)
{
    int status;
    const pid_t pid = waitpid(-1, &status, 0);

    for (size_t i = 0; pid > 0 && i < pool->plan->count; i++) {
        if (pool->states[i] != STATE_RUNNING || pool->pids[i] != pid)
            continue;
        pool->running--;
        finish(pool, i, WIFEXITED(status) ? (enum class_end)WEXITSTATUS(status) : CLASS_NOT_GRADED);
    }
}

bool class_pool(const struct class_plan *plan, unsigned jobs)
{
    struct pool pool = { .plan = plan,
                         .states = calloc(plan->count, sizeof(enum state)),
                         .pids = calloc(plan->count, sizeof(pid_t)),
                         .begin = now() };
    bool good = pool.states && pool.pids;

    for (size_t i = 0; good && i < plan->count; i++) {
        if (class_task_is_done(plan, i))
            finish(&pool, i, CLASS_KEPT);
    }
    while (good && pool.done < plan->count) {
        good = fill(&pool, jobs) || pool.running > 0;
        if (pool.running > 0)
            reap(&pool);
    }
    free(pool.states);
    free(pool.pids);
    return good;
}
