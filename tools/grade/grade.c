/*
 * The command: one submission from its files to a result. Each step says whether
 * it is done, whether the submission has failed, or whether it cannot be graded;
 * the last two are never mixed up.
 */
#include "grading.h"

#include "base.h"
#include "box.h"
#include "build.h"
#include "cache.h"
#include "commands.h"
#include "host_tests.h"
#include "machine.h"
#include "options.h"
#include "process.h"
#include "report.h"
#include "result.h"
#include "source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum { EXIT_FULL = 0, EXIT_LOST = 1, EXIT_USAGE = 2, EXIT_NOT_GRADED = 3 };

enum grade_step grading_error(struct grading *g, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    vsnprintf(g->error, sizeof(g->error), format, list);
    va_end(list);
    return STEP_ERROR;
}

static bool check_needs(const struct rubric *rubric, const struct rubric_check *check,
                        const struct rubric_check *other)
{
    for (size_t i = 0; i < check->need_count; i++) {
        const struct rubric_check *need = &rubric->checks[check->needs[i]];

        if (need == other || check_needs(rubric, need, other))
            return true;
    }
    return false;
}

bool grading_wants(const struct grading *g, const struct rubric_check *check)
{
    const struct rubric_check *only =
        g->options->check ? rubric_find(g->rubric, g->options->check) : NULL;

    return !only || only == check || check_needs(g->rubric, only, check);
}

const char *grading_path(const struct grading *g, const char *name, char out[PATH_MAX])
{
    snprintf(out, PATH_MAX, "%.3800s/%.200s", g->work, name);
    return out;
}

void grade_progress(const char *format, ...)
{
    va_list list;

    if (!isatty(STDERR_FILENO))
        return;
    fputs("\r\033[Kquire: ", stderr);
    va_start(list, format);
    vfprintf(stderr, format, list);
    va_end(list);
    fputs("...", stderr);
}

void grade_progress_clear(void)
{
    if (isatty(STDERR_FILENO))
        fputs("\r\033[K", stderr);
}

/* The lab that was asked for, or the only one there is. */
static bool load_lab(struct grading *g)
{
    const struct grade_options *o = g->options;
    struct lab_list list;
    char only[64] = "";

    if (!o->lab && !lab_current(o->root, only, sizeof(only))) {
        if (!lab_list_load(o->root, &list, g->error, sizeof(g->error)))
            return false;
        if (list.count == 1)
            snprintf(only, sizeof(only), "%s", list.at[0]->name);
        lab_list_free(&list);
        if (!only[0]) {
            grading_error(g, "which lab? say --lab N");
            return false;
        }
    }
    g->lab = lab_load(o->root, o->lab ? o->lab : only, g->error, sizeof(g->error));
    if (!g->lab)
        return false;
    g->rubric = rubric_load(o->root, g->lab, g->error, sizeof(g->error));
    if (g->rubric && o->check && !rubric_find(g->rubric, o->check))
        grading_error(g, "lab %u has no check '%s'; %s/rubric.toml lists them", g->lab->number,
                      o->check, g->lab->directory);
    return g->rubric && !g->error[0];
}

static bool choose_paths(struct grading *g)
{
    char folder[PATH_MAX];

    if (g->options->work)
        snprintf(folder, sizeof(folder), "%.3800s", g->options->work);
    else
        snprintf(folder, sizeof(folder), "%.3700s/" GRADING_WORK, g->options->root, g->lab->number);
    if (!process_make_directory(folder) || !realpath(folder, g->work) || strlen(g->work) > 3800) {
        grading_error(g, "cannot use the folder %.300s: %m", folder);
        return false;
    }
    grading_path(g, "tree", g->tree);
    grading_path(g, "quire.elf", g->kernel);
    return true;
}

/* One grading at a time works in a folder; it is free again when this process ends. */
static bool lock_work(struct grading *g)
{
    char path[PATH_MAX];
    int lock = open(grading_path(g, "lock", path), O_RDWR | O_CREAT | O_CLOEXEC, 0644);

    if (lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) == 0)
        return true;
    if (lock >= 0 && errno == EWOULDBLOCK) {
        fprintf(stderr,
                "quire: another grading works in %s; waiting for its end "
                "(--work DIR would let this one start at once)\n",
                g->work);
        if (flock(lock, LOCK_EX) == 0)
            return true;
    }
    grading_error(g, "cannot lock %.300s: %m", path);
    return false;
}

/* One's own tree gives the same each time; others cannot know what they will meet. */
static void choose_seed(struct grading *g)
{
    const struct grade_options *o = g->options;

    g->seed = o->has_seed ? o->seed : 1;
    if (!o->has_seed && o->source)
        g->seed = machine_draw_seed();
    g->guest_seed = machine_guest_seed(g->seed);
}

bool grading_begin(struct grading *g)
{
    const struct grade_options *o = g->options;

    g->host_tests = json_array();
    g->checks = json_array();
    g->build = json_object();
    if (!load_lab(g) || !choose_paths(g) || !lock_work(g))
        return false;
    g->answered = o->reference || o->bodies_count || o->blank;
    g->is_student = !o->source && !g->answered;
    choose_seed(g);
    if (o->open)
        snprintf(g->box_version, sizeof(g->box_version), "none");
    else
        box_version(g->box_version, sizeof(g->box_version));
    return o->open || box_available(g->error, sizeof(g->error));
}

enum grade_step grading_build(struct grading *g)
{
    enum grade_step step = source_collect(g);

    if (step == STEP_DONE && g->rubric->run_count == 0) { /* the checks build what they need */
        cache_environment(g->options->root, g->lab->directory, g->base_hash);
        return STEP_DONE;
    }
    if (step == STEP_DONE)
        step = base_prepare(g);
    if (step == STEP_DONE)
        step = build_kernel(g);
    grade_progress_clear();
    return step;
}

/* From the files to the machines' outcomes. */
static void grading_steps(struct grading *g)
{
    enum grade_step step = grading_build(g);

    report_build(g);
    if (step != STEP_DONE)
        return;
    if (!g->options->machines_only)
        step = host_tests_run(g);
    grade_progress_clear();
    report_host_tests(g);
    fflush(stdout);
    if (step == STEP_ERROR)
        return;
    g->not_run = step == STEP_FAILED && g->is_student && !g->options->all;
    if (!g->not_run && machines_plan(g) == STEP_DONE)
        machines_run(g);
    grade_progress_clear();
}

static int grading_finish(struct grading *g)
{
    json_t *result;
    unsigned points, max;

    if (!g->error[0])
        result_judge_checks(g);
    result = result_make(g);
    if (!result) {
        fprintf(stderr, "quire: the result cannot be put into JSON\n");
        return EXIT_NOT_GRADED;
    }
    report_print(g, result);
    if (g->options->json && !result_write(result, g->options->json)) {
        fprintf(stderr, "quire: cannot write %s: %s\n", g->options->json, strerror(errno));
        return EXIT_NOT_GRADED;
    }
    result_points(g->checks, &points, &max);
    json_decref(result);
    if (!result_is_graded(g))
        return EXIT_NOT_GRADED;
    return points == max ? EXIT_FULL : EXIT_LOST;
}

int grade_main(int argc, char **argv)
{
    static struct grading g;
    struct grade_options options;

    if (!grade_options_parse(&options, argc, argv))
        return EXIT_USAGE;
    g.options = &options;
    if (!grading_begin(&g)) {
        fprintf(stderr, "quire: %s\n", g.error);
        return EXIT_NOT_GRADED;
    }
    printf("lab %u, %s: %s\n", g.lab->number, g.lab->title,
           options.source ? options.source : "this tree");
    grading_steps(&g);
    return grading_finish(&g);
}

int check_rubric_main(int argc, char **argv)
{
    const char *root = argc > 3 && strcmp(argv[1], "--root") == 0 ? argv[2] : QUIRE_ROOT;
    char error[GRADE_ERROR];
    struct rubric *rubric;
    struct lab *lab;

    if (argc != 2 && (argc != 4 || root != argv[2])) {
        fprintf(stderr, "usage: quire-grade check-rubric [--root DIR] LAB\n");
        return EXIT_USAGE;
    }
    lab = lab_load(root, argv[argc - 1], error, sizeof(error));
    rubric = lab ? rubric_load(root, lab, error, sizeof(error)) : NULL;
    if (!rubric || !rubric_check_names(rubric, root, lab, error, sizeof(error))) {
        fprintf(stderr, "quire: %s\n", error);
        return EXIT_LOST;
    }
    printf("lab %u: %zu runs, %zu checks, %u points\n", lab->number, rubric->run_count,
           rubric->check_count, rubric->points);
    rubric_free(rubric);
    lab_free(lab);
    return EXIT_FULL;
}
