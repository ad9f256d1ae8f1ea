/*
 * A result as quire-grade writes it (docs/result.schema.json), read again for
 * the exporters: whoever passes one on may have edited it, so nothing is
 * believed before it was looked at.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct check {
    const char *id, *title, *status; /* passed, failed, skipped or error */
    const char *message;             /* all that a student may read, "" if there is nothing */
    bool passed, hidden;
    long long points, max;
};

struct result {
    json_t *json;
    const char *name; /* of the submission */
    const char *lab, *title;
    long long lab_number;
    const char *error; /* NULL: it was graded; else why it could not be */
    char *notes;       /* what compiler and failing host tests say, for students; "" is nothing */
    long long points, max;
    double grade; /* for a grade book: the points, less what is deducted for a late hand-in */
    size_t count;
    struct check *checks; /* messages are owned, the rest belongs to json */
};

/* Read FILE ("-": standard input). False with one line in error; nothing is owned then. */
bool result_read(const char *path, struct result *out, char *error, size_t error_size);
void result_free(struct result *result);

/*
 * For platforms that show every check to students: one check stands for all hidden
 * ones, with their points and without a word about any of them.
 */
void result_fold_hidden(struct result *result);
