/* What the parts of the class's page share. */
#pragma once

#include "class.h"

#include <stdio.h>

/* Text from a submission or a lab: nothing in it is markup. */
void html_text(FILE *out, const char *text);

/* A text of a JSON table, "" if it is not there. */
const char *html_value(const json_t *table, const char *key);

/* What the class did at one check. */
struct check_sum {
    const char *id, *title;
    size_t passed, failed, skipped, errors;
    size_t stuck; /* for so many it is the first that failed */
};

/* A message that submissions have in common. */
struct failure_sum {
    const json_t *check; /* the first with that message */
    size_t count;
    const char *examples[3];
};

struct class_sums {
    struct check_sum *checks;
    size_t check_count;
    struct failure_sum *failures; /* commonest first */
    size_t failure_count;
    size_t graded, full;
    double mean, median;
    long max;
};

/* False without memory. */
bool class_sums_make(const struct class_table *table, struct class_sums *sums);
void class_sums_free(struct class_sums *sums);

extern const char html_style[];
