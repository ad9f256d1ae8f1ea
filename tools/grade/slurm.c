/*
 * The engine beyond one machine: one array job, whose tasks each grade a chunk of the
 * plan. State is the results on the shared file system, so tasks may be run again, on
 * any machine, and what the queue forgets is not missed.
 */
#include "class.h"

#include "process.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
    TASKS_MAX = 1000, /* elements of the array, below Slurm's usual limit */
    CHUNK_LEAST = 4,  /* a task's start costs a second or so */
    POLL_SECONDS = 2,
    GONE_POLLS = 3, /* so often the queue may be empty before the job counts as over */
};

static size_t chunk_of(size_t count, unsigned jobs)
{
    size_t chunk = (count + TASKS_MAX - 1) / TASKS_MAX;

    /* Few submissions: no machine shall wait while another has many. */
    if (chunk < CHUNK_LEAST && count > (size_t)jobs * CHUNK_LEAST)
        chunk = CHUNK_LEAST;
    return chunk ? chunk : 1;
}

/* Paths may hold anything; in the script they stand between quotes. */
static void put_quoted(FILE *out, const char *text)
{
    fputc('\'', out);
    for (; *text; text++)
        fputs(*text == '\'' ? "'\\''" : (char[]){ *text, '\0' }, out);
    fputc('\'', out);
}

static bool script_write(const struct class_plan *plan, const char *path, size_t chunk,
                         unsigned jobs)
{
    const size_t tasks = (plan->count + chunk - 1) / chunk;
    const long wall = (long)json_integer_value(json_object_get(plan->options, "wall"));
    char self[PATH_MAX] = "";
    FILE *out = fopen(path, "we");

    if (!out || readlink("/proc/self/exe", self, sizeof(self) - 1) < 0)
        return false;
    fprintf(out, "#!/bin/sh\n#SBATCH --job-name=quire-class\n#SBATCH --array=0-%zu%%%u\n",
            tasks - 1, jobs);
    fprintf(out, "#SBATCH --cpus-per-task=1\n#SBATCH --time=%ld\n",
            (wall * (long)chunk + 59) / 60 + 1);
    fprintf(out, "#SBATCH --output=/dev/null\n#SBATCH --requeue\nexec ");
    put_quoted(out, self);
    fputs(" class-task ", out);
    put_quoted(out, plan->out);
    fprintf(out, "/plan.json $((SLURM_ARRAY_TASK_ID * %zu)) %zu\n", chunk, chunk);
    return fclose(out) == 0;
}

static bool submit(const char *script, char *job, size_t job_size)
{
    const char *const argv[] = { "sbatch", "--parsable", script, NULL };

    if (process_read(argv, job, (int)job_size) != 0)
        return false;
    job[strspn(job, "0123456789")] = '\0';
    return job[0] != '\0';
}

/* Is a part of the job waiting or running? A queue that does not answer is asked again. */
static bool is_queued(const char *job)
{
    const char *const argv[] = { "squeue", "-h", "-j", job, "-o", "%i", NULL };
    char text[4096];

    if (process_read(argv, text, sizeof(text)) != 0)
        return false;
    return text[0] != '\0';
}

/* Written since the job began? A result of an earlier run does not count. */
static size_t count_results(const struct class_plan *plan, time_t begin)
{
    char path[PATH_MAX];
    struct stat info;
    size_t count = 0;

    for (size_t i = 0; i < plan->count; i++)
        count += stat(class_path(plan, i, "result.json", path), &info) == 0 &&
                 (info.st_mtime >= begin || class_task_is_done(plan, i));
    return count;
}

static void wait_for(const struct class_plan *plan, const char *job, time_t begin)
{
    size_t told = (size_t)-1;
    int gone = 0;

    while (gone < GONE_POLLS) {
        const size_t done = count_results(plan, begin);

        if (done != told)
            fprintf(stderr, "quire: %zu of %zu graded (Slurm job %s)\n", done, plan->count, job);
        told = done;
        if (done == plan->count)
            return;
        gone = is_queued(job) ? 0 : gone + 1;
        sleep(POLL_SECONDS);
    }
}

bool slurm_grade(const struct class_plan *plan, const struct class_options *options, char *error,
                 size_t error_size)
{
    char script[PATH_MAX + 32], job[64];
    const time_t begin = time(NULL) - 1;
    size_t left = 0;

    for (size_t i = 0; i < plan->count; i++)
        left += !class_task_is_done(plan, i);
    if (left == 0)
        return true;
    snprintf(script, sizeof(script), "%s/class.sbatch", plan->out);
    if (!script_write(plan, script, chunk_of(plan->count, options->jobs), options->jobs)) {
        snprintf(error, error_size, "cannot write %.300s", script);
        return false;
    }
    if (!submit(script, job, sizeof(job))) {
        snprintf(error, error_size, "sbatch does not take the job; by hand: sbatch %.300s", script);
        return false;
    }
    wait_for(plan, job, begin);
    return true;
}
