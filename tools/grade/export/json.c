/*
 * Platforms that read JSON.
 *
 * Gradescope    gradescope-autograders.readthedocs.io, "Output Format"
 * Autolab       docs.autolabproject.com, "Formatted Feedback"
 * Classroom 50  its wiki, "Advanced Autograding"
 * PrairieLearn  prairielearn.readthedocs.io, "External grading"
 */
#include "export.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Write and release a value. */
static enum export_outcome put(const struct export_job *job, json_t *json, size_t flags)
{
    int failed = json ? json_dumpf(json, job->out, flags) : -1;

    json_decref(json);
    if (failed || fputc('\n', job->out) == EOF) {
        snprintf(job->error, job->error_size, "cannot write the result");
        return EXPORT_FAILED;
    }
    return EXPORT_DONE;
}

static json_t *gradescope_check(const struct check *check, size_t number)
{
    char text[24];

    snprintf(text, sizeof(text), "%zu", number);
    return json_pack("{s:s s:s s:s s:I s:I s:s s:s s:s s:s}", "name", check->title, "name_format",
                     "text", "number", text, "score", (json_int_t)check->points, "max_score",
                     (json_int_t)check->max, "status", check->passed ? "passed" : "failed",
                     "output", check->message, "output_format", "text", "visibility",
                     check->hidden ? "after_published" : "visible");
}

enum export_outcome export_gradescope(const struct export_job *job)
{
    const struct result *r = job->results;
    json_t *tests = json_array();

    if (r->error)
        return export_no_grade(job);
    for (size_t i = 0; i < r->count; i++)
        json_array_append_new(tests, gradescope_check(&r->checks[i], i + 1));
    return put(job,
               json_pack("{s:I s:s s:s s:s s:o s:{s:O s:O s:O}}", "score", (json_int_t)r->points,
                         "output", r->notes, "output_format", "text", "stdout_visibility", "hidden",
                         "tests", tests, "extra_data", "schema", json_object_get(r->json, "schema"),
                         "seed", json_object_get(r->json, "seed"), "hashes",
                         json_object_get(r->json, "hashes")),
               JSON_INDENT(2));
}

/*
 * The last line has the scores, the line before it is shown to the student. The lab is
 * one problem, "total", since each problem must be entered by hand on the site.
 */
enum export_outcome export_autolab(const struct export_job *job)
{
    const struct result *r = job->results;
    json_t *checks = json_object(), *shown;

    if (r->error) {
        json_decref(checks);
        return export_no_grade(job);
    }
    for (size_t i = 0; i < r->count; i++) {
        const struct check *c = &r->checks[i];
        json_t *entry = json_pack("{s:b}", "passed", c->passed);

        if (!c->passed)
            json_object_set_new(entry, "hint", json_string(c->message));
        json_object_set_new(checks, c->title, entry);
    }
    shown = json_pack("{s:s s:[s s] s:{s:o} s:o}", "_presentation", "semantic", "stages", "Build",
                      "Checks", "Build", "Compiler and host tests",
                      *r->notes ? json_pack("{s:b s:s}", "passed", 0, "hint", r->notes)
                                : json_pack("{s:b}", "passed", 1),
                      "Checks", checks);
    if (put(job, shown, JSON_COMPACT) != EXPORT_DONE)
        return EXPORT_FAILED;
    return put(job,
               json_pack("{s:{s:I} s:[I]}", "scores", "total", (json_int_t)r->points, "scoreboard",
                         (json_int_t)r->points),
               JSON_COMPACT);
}

static const char *variable(const char *name)
{
    const char *value = getenv(name);

    return value ? value : "";
}

static json_t *classroom50_test(const struct check *check)
{
    return json_pack("{s:s s:b s:I s:I s:s}", "test-name", check->title, "passed", check->passed,
                     "score", (json_int_t)check->points, "max-score", (json_int_t)check->max,
                     "message", check->message);
}

/* What the compiler says is told by a test that is worth nothing. */
static json_t *classroom50_tests(const struct result *r)
{
    const struct check build = { .title = "Compiler and host tests", .message = r->notes };
    json_t *tests = json_array();

    if (*r->notes)
        json_array_append_new(tests, classroom50_test(&build));
    for (size_t i = 0; i < r->count; i++)
        json_array_append_new(tests, classroom50_test(&r->checks[i]));
    return tests;
}

/* Its runner says by the environment what is graded; it wants to know when, too. */
enum export_outcome export_classroom50(const struct export_job *job)
{
    const struct result *r = job->results;
    time_t now = time(NULL);
    const char *fixed = getenv("SOURCE_DATE_EPOCH");
    struct tm tm;
    char when[40];

    if (r->error)
        return export_no_grade(job);
    if (fixed)
        now = (time_t)strtoll(fixed, NULL, 10);
    gmtime_r(&now, &tm);
    strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", &tm);
    return put(job,
               json_pack("{s:s s:s s:s s:s s:s s:s s:s s:s s:I s:I s:o}", "schema",
                         "classroom50/result/v1", "classroom", variable("CLASSROOM"), "assignment",
                         variable("ASSIGNMENT"), "submission", variable("SUBMISSION_TAG"), "commit",
                         variable("COMMIT_URL"), "release", variable("RELEASE_URL"), "review",
                         variable("REVIEW_URL"), "datetime", when, "score", (json_int_t)r->points,
                         "max-score", (json_int_t)r->max, "tests", classroom50_tests(r)),
               JSON_INDENT(2));
}

enum export_outcome export_prairielearn(const struct export_job *job)
{
    const struct result *r = job->results;
    json_t *tests;

    if (r->error)
        return put(job,
                   json_pack("{s:b s:s s:[s]}", "gradable", 0, "message",
                             "This submission could not be graded; no attempt is lost.",
                             "format_errors", r->error),
                   JSON_INDENT(2));
    tests = json_array();
    for (size_t i = 0; i < r->count; i++) {
        const struct check *c = &r->checks[i];

        json_array_append_new(tests, json_pack("{s:s s:I s:I s:s}", "name", c->title, "points",
                                               (json_int_t)c->points, "max_points",
                                               (json_int_t)c->max, "message", c->message));
    }
    return put(job,
               json_pack("{s:b s:f s:s s:o}", "gradable", 1, "score",
                         r->max > 0 ? (double)r->points / (double)r->max : 0.0, "output", r->notes,
                         "tests", tests),
               JSON_INDENT(2) | JSON_REAL_PRECISION(6));
}
