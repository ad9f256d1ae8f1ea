#include "result.h"

#include "process.h"
#include "questions.h"
#include "sources.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void result_points(const json_t *checks, unsigned *points, unsigned *max)
{
    const json_t *check;
    size_t i;

    *points = *max = 0;
    json_array_foreach(checks, i, check)
    {
        *points += (unsigned)json_integer_value(json_object_get(check, "points"));
        *max += (unsigned)json_integer_value(json_object_get(check, "max"));
    }
}

/* The first check that could not be judged; NULL: all were. */
static const json_t *result_first_error(const struct grading *g)
{
    const json_t *check;
    size_t i;

    json_array_foreach(g->checks, i, check)
    {
        if (strcmp(json_string_value(json_object_get(check, "status")), "error") == 0)
            return check;
    }
    return NULL;
}

bool result_is_graded(const struct grading *g)
{
    return !g->error[0] && !result_first_error(g);
}

static json_t *result_error(const struct grading *g)
{
    const json_t *check = result_first_error(g);

    if (g->error[0])
        return json_string(g->error);
    if (check)
        return json_sprintf("%s: %s", json_string_value(json_object_get(check, "id")),
                            json_string_value(json_object_get(check, "message")));
    return json_null();
}

static json_t *result_submission(const struct grading *g)
{
    json_t *files = json_array();

    for (size_t i = 0; i < g->submission.count; i++)
        json_array_append_new(files, json_pack("{s:s, s:s}", "path", g->submission.files[i].path,
                                               "sha256", g->submission.files[i].sha256));
    return json_pack("{s:s, s:s, s:o, s:O?, s:s?, s:o}", "name", g->name, "sha256",
                     g->submission.sha256, "files", files, "unwritten", g->unwritten, "student",
                     json_string_value(json_object_get(g->answers, "student")), "student_seed",
                     g->answers ? json_integer((json_int_t)questions_seed(g)) : json_null());
}

static json_t *version_of(const char *program)
{
    const char *argv[] = { program, "--version", NULL };
    char text[256];

    process_read(argv, text, sizeof(text));
    text[strcspn(text, "\n")] = '\0';
    return json_string(text[0] ? text : "unknown");
}

static json_t *quire_version(const struct grading *g)
{
    const char *argv[] = { "git", "-C", g->options->root, "describe", "--always", "--dirty", NULL };
    char text[128];

    if (process_read(argv, text, sizeof(text)) != 0)
        return json_string("unknown");
    text[strcspn(text, "\n")] = '\0';
    return json_string(text);
}

static json_t *result_versions(const struct grading *g)
{
    const json_t *bochs = NULL;

    for (size_t i = 0; i < g->machine_count && !bochs; i++)
        bochs = json_object_get(g->machines[i].outcome, "bochs");
    return json_pack("{s:o, s:o, s:o, s:s}", "quire", quire_version(g), "compiler",
                     version_of(g->options->compiler), "bochs",
                     bochs ? json_copy((json_t *)bochs) : json_string("not used"), "sandbox",
                     g->box_version);
}

/* The lab's own files that a verdict depends on, and the programs. */
static json_t *lab_hash(const struct grading *g)
{
    static const char *const files[] = { "lab.toml", "rubric.toml", "hidden.toml" };
    char path[PATH_MAX], text[HASH_TEXT];
    struct sha256_ctx hash;

    sha256_init(&hash);
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        snprintf(path, sizeof(path), "%.3800s/%s/%s", g->options->root, g->lab->directory,
                 files[i]);
        hash_add(&hash, hash_file(path, text) ? text : "none");
    }
    for (size_t i = 0; i < g->machine_count; i++)
        hash_add(&hash, hash_file(g->machines[i].program, text) ? text : "none");
    hash_text(&hash, text);
    return json_string(text);
}

static json_t *result_hashes(const struct grading *g)
{
    json_t *traces = json_object();

    for (size_t i = 0; i < g->machine_count; i++) {
        json_t *hash = json_object_get(g->machines[i].outcome, "trace");

        if (hash)
            json_object_set(traces, g->machines[i].name, hash);
    }
    return json_pack("{s:s, s:s, s:o, s:o}", "tree", g->base_hash, "kernel", g->kernel_hash, "lab",
                     lab_hash(g), "traces", traces);
}

static json_t *result_machines(const struct grading *g)
{
    static const char *const keys[] = { "error", "end", "ticks", "events", "stall", "difference" };
    json_t *machines = json_array();

    for (size_t i = 0; i < g->machine_count; i++) {
        const struct machine *m = &g->machines[i];
        json_t *one =
            json_pack("{s:s, s:s, s:i, s:I, s:s}", "name", m->name, "run", m->run->id, "jitter",
                      (int)m->jitter, "seed", (json_int_t)m->seed, "program", m->run->program);

        for (size_t k = 0; k < sizeof(keys) / sizeof(keys[0]); k++) {
            json_t *value = json_object_get(m->outcome, keys[k]);

            if (value)
                json_object_set(one, keys[k], value);
        }
        if (m->moot)
            json_object_set_new(one, "moot", json_true());
        json_array_append_new(machines, one);
    }
    return machines;
}

/* Only a student's own tree has a grading that ends early: for all others --all says nothing. */
static json_t *result_options(const struct grading *g)
{
    const struct grade_options *o = g->options;
    json_t *bodies = json_array();

    for (unsigned i = 0; i < o->bodies_count; i++)
        json_array_append_new(bodies, json_string(o->bodies[i]));
    return json_pack("{s:s?, s:s?, s:s?, s:s, s:s, s:b, s:b, s:o}", "staff", o->staff, "blank",
                     o->blank, "check", o->check, "compiler", o->compiler, "flags", o->flags,
                     "reference", (int)o->reference, "all", (int)(o->all || !g->is_student),
                     "bodies", bodies);
}

json_t *result_make(const struct grading *g)
{
    unsigned points, max;
    json_t *lab = g->lab ? json_pack("{s:i, s:s, s:s}", "number", (int)g->lab->number, "name",
                                     g->lab->name, "title", g->lab->title)
                         : json_null();

    result_points(g->checks, &points, &max);
    return json_pack(
        "{s:s, s:o, s:o, s:s, s:o, s:I, s:i, s:i, s:O, s:O, s:O, s:o, s:o, s:o, s:s, s:o}",
        "schema", "quire-result/1", "lab", lab, "submission", result_submission(g), "status",
        result_is_graded(g) ? "graded" : "could-not-be-graded", "error", result_error(g), "seed",
        (json_int_t)g->seed, "points", (int)points, "max", (int)max, "build", g->build,
        "host_tests", g->host_tests, "checks", g->checks, "machines", result_machines(g),
        "versions", result_versions(g), "hashes", result_hashes(g), "sandbox",
        g->options->open ? "none" : "bubblewrap", "options", result_options(g));
}

bool result_write(const json_t *result, const char *path)
{
    size_t flags = JSON_INDENT(2) | JSON_ENSURE_ASCII;
    char fresh[PATH_MAX];

    if (strcmp(path, "-") == 0)
        return json_dumpf(result, stdout, flags) == 0 && putchar('\n') == '\n';
    snprintf(fresh, sizeof(fresh), "%.4000s.new", path);
    return json_dump_file(result, fresh, flags) == 0 && rename(fresh, path) == 0;
}
