/*
 * Grade books in CSV: Canvas ("Importing grades": columns Student, ID, SIS User ID,
 * SIS Login ID, Section, then one for each assignment, and a row of possible
 * points) and Moodle ("Grade import": an address, a grade, a feedback).
 */
#include "csv_table.h"
#include "export.h"

#include <stdlib.h>
#include <string.h>

static const char *const canvas_columns[] = { "Student", "ID", "SIS User ID", "SIS Login ID",
                                              "Section" };
enum { CANVAS_COLUMNS = sizeof(canvas_columns) / sizeof(canvas_columns[0]), CANVAS_LOGIN = 3 };

static const char *column_title(const struct export_job *job)
{
    static char title[300];

    if (job->options->column)
        return job->options->column;
    snprintf(title, sizeof(title), "Lab %lld: %s", job->results[0].lab_number,
             job->results[0].title);
    return title;
}

/* The grade's cell: empty where there is none, which leaves the book as it is. */
static void put_points(FILE *out, const struct result *r, double points)
{
    char text[24] = "";

    if (!r->error)
        snprintf(text, sizeof(text), "%.10g", points);
    csv_put(out, text, false);
    fputc('\n', out);
}

/* Only a result with a grade knows what the lab is worth; any one where none has. */
static const struct result *first_graded(const struct export_job *job)
{
    for (size_t i = 0; i < job->count; i++)
        if (!job->results[i].error)
            return &job->results[i];
    return &job->results[0];
}

static void canvas_head(const struct export_job *job, const char *column)
{
    const struct result *graded = first_graded(job);

    for (size_t i = 0; i < CANVAS_COLUMNS; i++)
        csv_put(job->out, canvas_columns[i], i == 0);
    csv_put(job->out, column, false);
    fputs("\n    Points Possible,,,,", job->out);
    put_points(job->out, graded, (double)graded->max);
}

/* Whose result is it? A submission is named like a login, a number or a student. */
static const struct result *canvas_find(const struct export_job *job,
                                        const struct csv_table *roster, const struct csv_row *row,
                                        bool *used)
{
    static const size_t order[] = { CANVAS_LOGIN, 1, 2, 0 };

    for (size_t o = 0; o < sizeof(order) / sizeof(order[0]); o++) {
        long column = csv_column(roster, canvas_columns[order[o]]);

        for (size_t i = 0; column >= 0 && i < job->count; i++) {
            if (!used[i] && strcmp(csv_cell(row, (size_t)column), job->results[i].name) == 0) {
                used[i] = true;
                return &job->results[i];
            }
        }
    }
    return NULL;
}

static void canvas_row(const struct export_job *job, const struct csv_table *roster,
                       const struct csv_row *row, bool *used)
{
    const struct result *r = canvas_find(job, roster, row, used);

    if (!r)
        return;
    for (size_t i = 0; i < CANVAS_COLUMNS; i++) {
        long column = csv_column(roster, canvas_columns[i]);

        csv_put(job->out, column < 0 ? "" : csv_cell(row, (size_t)column), i == 0);
    }
    put_points(job->out, r, r->grade);
}

/* Nobody is lost silently. */
static enum export_outcome canvas_check_used(const struct export_job *job, const bool *used)
{
    size_t missing = 0, first = 0;

    for (size_t i = job->count; i-- > 0;)
        if (!used[i]) {
            missing++;
            first = i;
        }
    if (missing == 0)
        return EXPORT_DONE;
    snprintf(job->error, job->error_size,
             "%zu of %zu submissions are in no row of %s, the first is '%s'; name them by login, "
             "ID or student",
             missing, job->count, job->options->roster, job->results[first].name);
    return EXPORT_FAILED;
}

/* Where the number begins by which Canvas knows an assignment, "Title (number)"; NULL: none. */
static const char *canvas_number(const char *title)
{
    const char *number = strrchr(title, '(');

    if (!number || number - title < 2 || number[-1] != ' ')
        return NULL;
    const size_t digits = strspn(number + 1, "0123456789");

    return digits > 0 && strcmp(number + 1 + digits, ")") == 0 ? number : NULL;
}

/* The column's full name in the book, which title is with or without the number; NULL: none. */
static const char *canvas_column(const struct csv_table *roster, const char *title)
{
    const size_t length = strlen(title);

    for (size_t i = 0; i < roster->row[0].count; i++) {
        const char *cell = csv_cell(&roster->row[0], i), *number = canvas_number(cell);

        if (strcmp(cell, title) == 0 ||
            (number && (size_t)(number - cell) == length + 1 && strncmp(cell, title, length) == 0))
            return cell;
    }
    return NULL;
}

static enum export_outcome canvas_rows(const struct export_job *job, const struct csv_table *roster,
                                       bool *used)
{
    const char *title = column_title(job), *column = canvas_column(roster, title);
    enum export_outcome outcome;

    if (!column && canvas_number(title)) {
        snprintf(job->error, job->error_size,
                 "%s has no column '%s'; give it as it stands there, or a title without a number "
                 "for a new assignment",
                 job->options->roster, title);
        return EXPORT_FAILED;
    }
    canvas_head(job, column ? column : title);
    for (size_t i = 1; i < roster->count; i++)
        canvas_row(job, roster, &roster->row[i], used);
    outcome = canvas_check_used(job, used);
    if (!column && outcome == EXPORT_DONE)
        fprintf(stderr, "quire: %s has no column '%s': Canvas will make a new assignment of it\n",
                job->options->roster, title);
    return outcome;
}

static enum export_outcome canvas_with_roster(const struct export_job *job)
{
    bool *used = calloc(job->count, sizeof(*used));
    enum export_outcome outcome = EXPORT_FAILED;
    struct csv_table roster;

    if (!used || !csv_read(job->options->roster, &roster, job->error, job->error_size)) {
        free(used);
        return EXPORT_FAILED;
    }
    if (csv_column(&roster, "Student") < 0 || csv_column(&roster, "ID") < 0) {
        snprintf(job->error, job->error_size,
                 "%s: the first line names no columns Student and ID; export the grade book from "
                 "Canvas and give that file",
                 job->options->roster);
    } else {
        outcome = canvas_rows(job, &roster, used);
    }
    csv_table_free(&roster);
    free(used);
    return outcome;
}

enum export_outcome export_canvas(const struct export_job *job)
{
    if (job->options->roster)
        return canvas_with_roster(job);
    canvas_head(job, column_title(job));
    for (size_t i = 0; i < job->count; i++) {
        const struct result *r = &job->results[i];

        csv_put(job->out, r->name, true);
        csv_put(job->out, "", false);
        csv_put(job->out, "", false);
        csv_put(job->out, r->name, false);
        csv_put(job->out, "", false);
        put_points(job->out, r, r->grade);
    }
    return EXPORT_DONE;
}

/* What was lost and why, in one cell. */
static char *moodle_feedback(const struct result *r)
{
    char *text = NULL;
    size_t len = 0;
    FILE *file = open_memstream(&text, &len);

    if (!file)
        return NULL;
    if (r->error)
        fprintf(file, "Could not be graded: %s", r->error);
    if (!r->error && r->grade < (double)r->points)
        fprintf(file, "Handed in late: %.10g of the %lld points count.\n", r->grade, r->points);
    if (*r->notes)
        fprintf(file, "%s\n", r->notes);
    for (size_t i = 0; i < r->count && !r->error; i++) {
        const struct check *c = &r->checks[i];

        fprintf(file, "%s%s: %lld of %lld", i ? "\n" : "", c->title, c->points, c->max);
        if (!c->passed && *c->message)
            fprintf(file, ". %s", c->message);
    }
    fclose(file);
    return text;
}

enum export_outcome export_moodle(const struct export_job *job)
{
    csv_put(job->out, "Email address", true);
    csv_put(job->out, column_title(job), false);
    fputs(",Feedback\n", job->out);
    for (size_t i = 0; i < job->count; i++) {
        const struct result *r = &job->results[i];
        const char *domain = strchr(r->name, '@') ? NULL : job->options->domain;
        char name[600], points[24] = "", *feedback = moodle_feedback(r);

        if (!feedback)
            return EXPORT_FAILED;
        snprintf(name, sizeof(name), "%s%s%s", r->name, domain ? "@" : "", domain ? domain : "");
        if (!r->error)
            snprintf(points, sizeof(points), "%.10g", r->grade);
        csv_put(job->out, name, true);
        csv_put(job->out, points, false);
        csv_put_foreign(job->out, feedback, false);
        fputc('\n', job->out);
        free(feedback);
    }
    return EXPORT_DONE;
}
