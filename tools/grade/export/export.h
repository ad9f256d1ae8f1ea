/*
 * Results for the platforms that instructors use: one writer for each format,
 * all from the same result. docs/grading.md says which platform reads what.
 *
 * A submission that could not be graded has no points, not zero points. Formats
 * that cannot say so are refused for it (EXPORT_NO_GRADE), and the platform
 * then tells that its grader failed.
 */
#pragma once

#include "result.h"

#include <stdio.h>

enum export_outcome { EXPORT_DONE, EXPORT_NO_GRADE, EXPORT_FAILED };

struct export_options {
    const char *column; /* CSV: title of the column; NULL: the lab's */
    const char *roster; /* Canvas: a gradebook as Canvas exports it, or NULL */
    const char *domain; /* Moodle: what makes a submission's name an address, or NULL */
};

struct export_job {
    const struct result *results;
    size_t count;
    const struct export_options *options;
    FILE *out;
    char *error;
    size_t error_size;
};

struct exporter {
    const char *name, *title;
    bool many;  /* one file for a whole class */
    bool hides; /* the platform keeps hidden checks from students; else it sees them as one */
    enum export_outcome (*write)(const struct export_job *job);
};

/* Ends with an entry without a name. */
extern const struct exporter exporters[];

/* Say in job->error why the first result has no grade. */
enum export_outcome export_no_grade(const struct export_job *job);

enum export_outcome export_gradescope(const struct export_job *job);
enum export_outcome export_autolab(const struct export_job *job);
enum export_outcome export_classroom50(const struct export_job *job);
enum export_outcome export_prairielearn(const struct export_job *job);
enum export_outcome export_junit(const struct export_job *job);
enum export_outcome export_canvas(const struct export_job *job);
enum export_outcome export_moodle(const struct export_job *job);

/* ./quire export FORMAT ...; returns the exit status. */
int export_main(int argc, char **argv);
