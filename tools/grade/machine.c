#include "machine.h"

#include "judge.h"
#include "process.h"
#include "questions.h"
#include "rounds.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    JOBS_MAX = 64,
    JUDGE_CPU_SECONDS = 300,
    OUTCOME_BYTES_MAX = 4 << 20,
};
#define JUDGE_ADDRESS_BYTES (UINT64_C(8) << 30)

uint64_t machine_draw_seed(void)
{
    uint64_t seed;

    if (getrandom(&seed, sizeof(seed), 0) != sizeof(seed))
        abort(); /* the kernel gives so few bytes in any case */
    return seed >> 11;
}

/* What is derived from a seed for one purpose tells nothing of what is for another. */
static void hash_seed(struct sha256_ctx *hash, const char *purpose, uint64_t grading_seed)
{
    char text[32];

    sha256_init(hash);
    hash_add(hash, purpose);
    snprintf(text, sizeof(text), "%llu", (unsigned long long)grading_seed);
    hash_add(hash, text);
}

uint64_t machine_guest_seed(uint64_t grading_seed)
{
    struct sha256_ctx hash;

    hash_seed(&hash, "quire: seed of the guests", grading_seed);
    return hash_number(&hash) >> 33; /* a program may keep it in an int */
}

uint64_t machine_key(uint64_t grading_seed, const char *run, unsigned jitter)
{
    struct sha256_ctx hash;
    char text[32];

    hash_seed(&hash, "quire: key of the challenges", grading_seed);
    hash_add(&hash, run);
    snprintf(text, sizeof(text), "%u", jitter);
    hash_add(&hash, text);
    return hash_number(&hash);
}

static bool run_is_wanted(const struct grading *g, size_t run)
{
    for (size_t i = 0; i < g->rubric->check_count; i++) {
        const struct rubric_check *check = &g->rubric->checks[i];

        if (rubric_has_run(check) && check->run == run && grading_wants(g, check))
            return true;
    }
    return false;
}

static uint64_t machine_seed(const struct grading *g, const struct rubric_run *run)
{
    if (run->seed == SEED_NUMBER)
        return run->seed_number;
    if (run->seed == SEED_STUDENT && !g->answered)
        return questions_seed(g);
    return g->guest_seed;
}

/* Programs are the instructor's: built outside, from the tree's own sources. */
static bool machine_find_program(struct grading *g, struct machine *m)
{
    const char *name = m->run->program;

    if (!*name)
        return true;
    if (strncmp(name, "tests/", 6) == 0)
        snprintf(m->program, sizeof(m->program), "%s/user/%s", QUIRE_BUILD, name);
    else
        snprintf(m->program, sizeof(m->program), "%s/%s/%s", QUIRE_BUILD, g->lab->directory, name);
    if (access(m->program, R_OK) == 0)
        return true;
    return text_fail(g->error, sizeof(g->error), "run \"%s\": the program %s is not built",
                     m->run->id, name);
}

static bool machine_add(struct grading *g, const struct rubric_run *run, unsigned jitter)
{
    struct machine *m = &g->machines[g->machine_count];
    char folder[PATH_MAX], name[80];

    if (g->machine_count == GRADE_MACHINES_MAX)
        return text_fail(g->error, sizeof(g->error), "the rubric has more than %d machines",
                         GRADE_MACHINES_MAX);
    g->machine_count++;
    *m = (struct machine){ .run = run,
                           .jitter = jitter,
                           .key = machine_key(g->seed, run->id, jitter),
                           .seed = machine_seed(g, run) };
    snprintf(name, sizeof(name), jitter > 0 ? "%.60s-%u" : "%.60s", run->id, jitter);
    memcpy(m->name, name, sizeof(name));
    grading_path(g, "traces", folder);
    snprintf(m->trace, sizeof(m->trace), "%.3800s/%.79s/%.79s.trace", folder, name, name);
    return machine_find_program(g, m);
}

enum grade_step machines_plan(struct grading *g)
{
    for (size_t i = 0; i < g->rubric->run_count; i++) {
        const struct rubric_run *run = &g->rubric->runs[i];

        for (size_t k = 0; k < run->jitters && run_is_wanted(g, i); k++) {
            if (!machine_add(g, run, run->jitter[k]))
                return STEP_ERROR;
        }
    }
    return STEP_DONE;
}

/* A machine that is being recorded or judged. */
struct job {
    struct machine *machine;
    pid_t pid;
    int fd;
    char *text;
    size_t size;
};

/*
 * In the child: record in the box, then judge. The trace and the kernel's symbols
 * come from the submission; whatever they do to this process ends with it.
 */
static _Noreturn void job_child(const struct grading *g, const struct machine *m, int fd)
{
    const struct rlimit cpu = { JUDGE_CPU_SECONDS, JUDGE_CPU_SECONDS };
    const struct rlimit address = { JUDGE_ADDRESS_BYTES, JUDGE_ADDRESS_BYTES };
    char error[GRADE_ERROR] = "";
    json_t *outcome;

    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (machine_record(g, m, error, sizeof(error))) {
        setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
        setrlimit(RLIMIT_CPU, &cpu);
        setrlimit(RLIMIT_AS, &address);
        outcome = judge_machine(g, m);
    } else {
        outcome = json_pack("{s:s}", "error", error);
    }
    if (!outcome || json_dumpfd(outcome, fd, JSON_COMPACT | JSON_ENSURE_ASCII) != 0)
        _exit(1);
    _exit(0);
}

/* A trace and its files lie together: readers find them there. */
static void link_beside(const char *folder, const char *file)
{
    char path[PATH_MAX];

    if (!*file)
        return;
    snprintf(path, sizeof(path), "%.3900s/%.150s", folder, strrchr(file, '/') + 1);
    unlink(path);
    if (symlink(file, path) != 0)
        grade_progress("cannot make the link %s", path);
}

static bool job_start(const struct grading *g, struct job *job, struct machine *m)
{
    char folder[PATH_MAX];
    int ends[2];

    snprintf(folder, sizeof(folder), "%.*s", (int)(strrchr(m->trace, '/') - m->trace), m->trace);
    unlink(m->trace);
    if (!process_make_directory(folder) || pipe2(ends, O_CLOEXEC) != 0)
        return false;
    link_beside(folder, g->kernel);
    link_beside(folder, m->program);
    *job = (struct job){ .machine = m, .fd = ends[0] };
    fflush(NULL);
    job->pid = fork();
    if (job->pid == 0) {
        close(ends[0]);
        job_child(g, m, ends[1]);
    }
    close(ends[1]);
    if (job->pid < 0)
        close(ends[0]);
    return job->pid > 0;
}

static json_t *job_outcome(const struct job *job, int status)
{
    json_t *outcome = job->text && WIFEXITED(status) && WEXITSTATUS(status) == 0
                          ? json_loadb(job->text, job->size, 0, NULL)
                          : NULL;

    if (outcome)
        return outcome;
    if (WIFSIGNALED(status))
        return json_pack(
            "{s:o}", "error",
            json_sprintf("the trace could not be judged: signal %d", WTERMSIG(status)));
    return json_pack("{s:s}", "error", "the trace could not be judged");
}

/* False when the job has ended; its machine has an outcome then. */
static bool job_read(struct job *job)
{
    char bytes[1 << 14];
    ssize_t got = read(job->fd, bytes, sizeof(bytes));
    int status = -1;

    if (got < 0 && errno == EINTR)
        return true;
    if (got > 0 && job->size + (size_t)got <= OUTCOME_BYTES_MAX) {
        job->text = realloc(job->text, job->size + (size_t)got);
        if (!job->text)
            abort();
        memcpy(job->text + job->size, bytes, (size_t)got);
        job->size += (size_t)got;
    }
    if (got > 0)
        return true;
    close(job->fd);
    while (waitpid(job->pid, &status, 0) < 0 && errno == EINTR)
        ;
    job->machine->outcome = job_outcome(job, status);
    free(job->text);
    return false;
}

/* Wait until one of the jobs has ended, and take it out. */
static void jobs_wait(struct job *jobs, size_t *count)
{
    struct pollfd polls[JOBS_MAX];
    size_t before = *count;

    while (*count == before) {
        for (size_t i = 0; i < *count; i++)
            polls[i] = (struct pollfd){ .fd = jobs[i].fd, .events = POLLIN };
        if (poll(polls, *count, -1) < 0)
            continue;
        for (size_t i = *count; i-- > 0;) {
            if (polls[i].revents && !job_read(&jobs[i]))
                jobs[i] = jobs[--*count];
        }
    }
}

/* One round of machines; false if a process could not be started. */
static bool machines_run_round(struct grading *g, unsigned round, size_t *begun)
{
    struct job jobs[JOBS_MAX];
    size_t running = 0, limit = g->options->jobs < JOBS_MAX ? g->options->jobs : JOBS_MAX;
    bool good = true;

    for (size_t i = 0; i < g->machine_count && good; i++) {
        struct machine *m = &g->machines[i];

        if (m->round != round)
            continue;
        grade_progress("machine %zu of %zu: %s", ++*begun, g->machine_count, m->name);
        m->moot = rounds_machine_is_moot(g, m);
        if (m->moot) {
            unlink(m->trace);
            continue;
        }
        if (running == limit)
            jobs_wait(jobs, &running);
        good = job_start(g, &jobs[running], m);
        running += good;
    }
    while (running > 0)
        jobs_wait(jobs, &running);
    return good;
}

enum grade_step machines_run(struct grading *g)
{
    size_t begun = 0;

    rounds_plan(g);
    for (unsigned round = 0; begun < g->machine_count; round++) {
        if (!machines_run_round(g, round, &begun))
            return grading_error(g, "cannot start another process: %m");
    }
    return STEP_DONE;
}
