/*
 * quire-grade reference: the traces of the reference's machines, for students'
 * trees. They are made with the seed that one's own tree is graded with, and only
 * of runs that students see.
 */
#include "commands.h"

#include "grading.h"
#include "machine.h"
#include "options.h"
#include "process.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { TRACE_BYTES_MAX = 1 << 20 }; /* they go into each student's repository */

static bool run_is_visible(const struct rubric *rubric, size_t run)
{
    for (size_t i = 0; i < rubric->check_count; i++) {
        const struct rubric_check *check = &rubric->checks[i];

        if (rubric_has_run(check) && check->run == run && !check->hidden)
            return true;
    }
    return false;
}

/* Of all machines those that may be shown: one of each visible run, and no one's own answers. */
static void keep_plain(struct grading *g)
{
    size_t kept = 0;

    for (size_t i = 0; i < g->machine_count; i++) {
        const struct machine *m = &g->machines[i];

        if (m->jitter == 0 && m->run->seed != SEED_STUDENT && *m->run->program &&
            run_is_visible(g->rubric, (size_t)(m->run - g->rubric->runs)))
            g->machines[kept++] = *m;
    }
    g->machine_count = kept;
}

static bool copy_trace(struct grading *g, const struct machine *m, const char *out)
{
    const char *error = json_string_value(json_object_get(m->outcome, "error"));
    char to[PATH_MAX];
    const char *copy[] = { "cp", m->trace, to, NULL };
    struct stat status;

    if (!error && json_is_true(json_object_get(m->outcome, "failed")))
        error = "the solution does not pass its own checks";
    snprintf(to, sizeof(to), "%.3900s/%.80s.trace", out, m->name);
    if (!error && stat(m->trace, &status) == 0 && status.st_size > TRACE_BYTES_MAX)
        return true;
    if (!error && !process_run(copy))
        error = "its trace cannot be copied";
    if (error)
        grading_error(g, "run \"%s\": %.300s", m->run->id, error);
    return !error;
}

static bool make_traces(struct grading *g, const char *out)
{
    enum grade_step step;

    if (!grading_begin(g) || machines_plan(g) != STEP_DONE)
        return false;
    keep_plain(g);
    if (g->machine_count == 0)
        return true;
    step = grading_build(g);
    if (step == STEP_FAILED)
        grading_error(g, "the solution does not build");
    if (step != STEP_DONE || machines_run(g) != STEP_DONE)
        return false;
    grade_progress_clear();
    if (!process_make_directory(out)) {
        grading_error(g, "cannot make the folder %.300s: %m", out);
        return false;
    }
    for (size_t i = 0; i < g->machine_count; i++) {
        if (!copy_trace(g, &g->machines[i], out))
            return false;
    }
    return true;
}

int reference_main(int argc, char **argv)
{
    static struct grading g;
    struct grade_options options;
    char work[PATH_MAX], name[] = "reference", reference[] = "--reference", lab[] = "--lab",
                         folder[] = "--work";
    char *grade[] = { name, reference, lab, argc > 2 ? argv[2] : NULL, folder, work, NULL };

    if (argc != 5 || strcmp(argv[1], "--lab") != 0 || strcmp(argv[3], "-o") != 0) {
        fprintf(stderr, "usage: quire-grade reference --lab N -o DIR\n");
        return 2;
    }
    snprintf(work, sizeof(work), "%s/build/grade/reference-%.20s", QUIRE_ROOT, argv[2]);
    if (!grade_options_parse(&options, 6, grade))
        return 2;
    g.options = &options;
    if (make_traces(&g, argv[4]))
        return 0;
    fprintf(stderr, "quire: %s\n", g.error);
    return 3;
}
