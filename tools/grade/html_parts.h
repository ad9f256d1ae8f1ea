/* What the parts of the class's page share. */
#pragma once

#include "class.h"

#include <stdio.h>

/* Text from a submission or a lab: nothing in it is markup. */
void html_text(FILE *out, const char *text);

/* A text of a JSON table, "" if it is not there. */
const char *html_value(const json_t *table, const char *key);

/* A submission's name, which leads to what the grader printed about it. */
void html_name(FILE *out, const char *name);

enum { NAMES_SHOWN = 12 };

/* Names of submissions, the first few of them in full. */
struct names {
    const char **at;
    size_t count;
};

/* Add a name, once if it comes again at once. False without memory. */
bool names_add(struct names *names, const char *name);
void html_names(FILE *out, const struct names *names);

/* What the class did at one check. */
struct check_sum {
    const char *id, *title;
    bool hidden;
    long max;
    size_t passed, failed, skipped, errors;
    struct names stuck; /* for these it is the first that failed */
};

/* A message that submissions have in common. */
struct failure_sum {
    const json_t *check; /* the first with that message; NULL: a kernel that does not build */
    char *line;          /* what the compiler said first, then */
    struct names ids;    /* of the checks that failed so */
    struct names names;
};

/* A known wrong solution that fails the same checks. */
struct mistake {
    char *name, *text; /* of the file, and its misconception */
    char **fails;      /* identifiers of checks; NULL-terminated */
    struct names names;
};

struct class_sums {
    struct check_sum *checks;
    size_t check_count;
    struct failure_sum *failures; /* commonest first */
    size_t failure_count;
    struct names broken; /* these do not build */
    size_t graded, full;
    double mean, median;
    long max;
};

/* False without memory. */
bool class_sums_make(const struct class_table *table, struct class_sums *sums);
void class_sums_free(struct class_sums *sums);

/* Does the submission's kernel build? */
bool row_builds(const struct class_row *row);

/* The page's sections. */
void html_put_points(FILE *out, const struct class_table *table);
void html_put_everyone(FILE *out, const struct class_table *table, const struct class_sums *sums);
void html_put_mistakes(FILE *out, const struct class_plan *plan, const struct class_table *table);

extern const char html_style[];
