/* The command grade-class: plan, grade, report. And class-task, a part of it for engines. */
#include "class.h"

#include "box.h"
#include "class_options.h"
#include "commands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_FULL = 0, EXIT_LOST = 1, EXIT_USAGE = 2, EXIT_NOT_GRADED = 3 };

static int fail(const char *text)
{
    fprintf(stderr, "quire: %s\n", text);
    return EXIT_NOT_GRADED;
}

static bool write_reports(const struct class_plan *plan, const struct class_table *table)
{
    char csv[PATH_MAX + 32], html[PATH_MAX + 32], results[PATH_MAX + 32];

    snprintf(csv, sizeof(csv), "%s/class.csv", plan->out);
    snprintf(html, sizeof(html), "%s/class.html", plan->out);
    snprintf(results, sizeof(results), "%s/results.jsonl", plan->out);
    if (!class_late_note(plan, table) || !class_write_csv(table, csv) ||
        !class_write_results(table, results) || !html_write(plan, table, html))
        return false;
    printf("report: %s\ntable:  %s\n", html, csv);
    return true;
}

/* The last lines: how many of each kind, and who could not be graded, and why. */
static int summarize(const struct class_table *table)
{
    size_t full = 0, lost = 0, not_graded = 0, not_again = 0;

    for (size_t i = 0; i < table->count; i++) {
        const struct class_row *row = &table->rows[i];
        const char *error = json_string_value(json_object_get(row->result, "error"));

        full += row->graded && row->points == row->max;
        lost += row->graded && row->points < row->max;
        not_graded += !row->graded;
        if (!row->graded)
            printf("could not be graded: %s: %s\n", row->name, error ? error : "no reason known");
        not_again += row->not_again != NULL;
        if (row->not_again)
            printf("not graded again: %s: %s\n", row->name, row->not_again);
    }
    printf("%zu submissions: %zu with full points, %zu lost points, %zu could not be graded\n",
           table->count, full, lost, not_graded);
    if (not_again)
        printf("%zu could not be graded again: their earlier verdicts stay\n", not_again);
    return not_graded || not_again ? EXIT_NOT_GRADED : lost ? EXIT_LOST : EXIT_FULL;
}

static bool grade_all(const struct class_plan *plan, const struct class_options *options,
                      char *error, size_t error_size)
{
    if (strcmp(options->engine, "slurm") == 0)
        return slurm_grade(plan, options, error, error_size);
    if (class_pool(plan, options->jobs))
        return true;
    snprintf(error, error_size, "no process can be started");
    return false;
}

int grade_class_main(int argc, char **argv)
{
    struct class_options options;
    struct class_plan plan = { 0 };
    struct class_table table = { 0 };
    char error[CLASS_ERROR] = "";
    int status;

    if (!class_options_parse(&options, argc, argv))
        return EXIT_USAGE;
    if (!options.open && !box_available(error, sizeof(error)))
        return fail(error);
    if (!class_plan_make(&options, &plan, error, sizeof(error)) ||
        !grade_all(&plan, &options, error, sizeof(error)) ||
        !class_table_make(&plan, &options, &table, error, sizeof(error)))
        status = fail(error);
    else if (!write_reports(&plan, &table))
        status = fail("the reports cannot be written");
    else
        status = summarize(&table);
    class_table_free(&table);
    class_plan_free(&plan);
    return status;
}

/* class-task PLAN FIRST [COUNT]: for the array jobs of an engine. A verdict is success. */
int class_task_main(int argc, char **argv)
{
    struct class_plan plan;
    char error[CLASS_ERROR];

    if (argc < 3 || argc > 4) {
        fprintf(stderr, "usage: quire-grade class-task PLAN FIRST [COUNT]\n");
        return EXIT_USAGE;
    }
    const size_t first = strtoul(argv[2], NULL, 10),
                 count = argc > 3 ? strtoul(argv[3], NULL, 10) : 1;

    if (!class_plan_read(argv[1], &plan, error, sizeof(error)))
        return fail(error);
    for (size_t i = first; i < first + count && i < plan.count; i++)
        class_task(&plan, i);
    class_plan_free(&plan);
    return EXIT_FULL;
}
