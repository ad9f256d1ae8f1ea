/*
 * A class: all submissions of a folder, graded by themselves. State is only files
 * below the output folder, so that a run can be killed at any time and continued, and
 * so that another machine can do a part:
 *
 *     plan.json         what is graded and how: class_plan.c
 *     manifest.jsonl    one submission a line, in the order of their index
 *     NAME/result.json  a verdict, appears by renaming a complete file
 *     NAME/key          what that verdict depends on; differs: graded again
 *     NAME/log.txt      what the grader printed, or class_log.c for want of one
 *     NAME/not-again.txt  why --only could not judge its check, and changed nothing
 *     results.jsonl  class.csv  class.html    made from those, at the end
 *
 * class.c is the command, class_task.c grades one (class_only.c one check of
 * one), class_pool.c and slurm.c many, class_table.c and html.c report.
 */
#pragma once

#include "hash.h"

#include <jansson.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CLASS_ERROR = 400 };

struct class_options {
    const char *root, *directory, *out, *lab, *only, *staff, *dates, *late, *engine, *cache;
    unsigned jobs, wall_seconds;
    uint64_t seed;
    bool has_seed, open, keep;
};

/* One submission. */
struct class_entry {
    char *name;             /* the folder of its result */
    char *source;           /* absolute */
    char sha256[HASH_TEXT]; /* of the files taken; "" if it cannot be taken */
    char *error;            /* why not; NULL */
};

struct class_plan {
    json_t *options; /* plan.json */
    char out[PATH_MAX];
    struct class_entry *entries;
    size_t count;
};

/* Look at every submission and write the plan. False with a line in error. */
bool class_plan_make(const struct class_options *options, struct class_plan *plan, char *error,
                     size_t error_size);

/* Read a plan that was written. */
bool class_plan_read(const char *path, struct class_plan *plan, char *error, size_t error_size);
void class_plan_free(struct class_plan *plan);

/* A text of the plan's options, "" if there is none. */
const char *class_option(const struct class_plan *plan, const char *key);

/* How a task ended; not again: --only could not judge, and the earlier verdict stays. */
enum class_end { CLASS_GRADED, CLASS_KEPT, CLASS_CACHED, CLASS_NOT_GRADED, CLASS_NOT_AGAIN };

#define CLASS_NOT_AGAIN_FILE "not-again.txt"

/* Is there a verdict already that still holds? */
bool class_task_is_done(const struct class_plan *plan, size_t index);

/* Grade one submission, or take its verdict from the cache. Always leaves a result. */
enum class_end class_task(const struct class_plan *plan, size_t index);

/* Does the earlier result have all checks that the rubric has now, this one aside? */
bool class_only_suffices(const struct class_plan *plan, const json_t *earlier, const char *id);

/* Put the fresh verdict on a check into the earlier result, by today's rubric; false: neither. */
bool class_only_merge(const struct class_plan *plan, json_t *earlier, const json_t *fresh,
                      const char *id);

/* Write the submission's log.txt where no grader said it all; why that is comes first. */
void class_log_write(const struct class_plan *plan, size_t index, const json_t *result,
                     const char *why);

/* The work folder goes: let what the grader printed name the usual one, as results do. */
void class_log_leave_work(const struct class_plan *plan, size_t index);

/* A file of a submission's folder in the output. */
const char *class_path(const struct class_plan *plan, size_t index, const char *file,
                       char out[PATH_MAX]);

/* The result of one; NULL if there is none. The caller owns it. */
json_t *class_result(const struct class_plan *plan, size_t index);

/* Grade all on this machine, so many at once. */
bool class_pool(const struct class_plan *plan, unsigned jobs);

/* What a class's reports need of each submission, in the order of the plan. */
struct class_row {
    const char *name;
    json_t *result; /* never NULL */
    bool graded;
    char *not_again;  /* why --only changed nothing; NULL: it did, or was not asked for */
    long points, max; /* of the machine's verdict */
    double penalty;   /* 0 to 1 */
    double final;     /* points after the penalty */
    char submitted[40], due[40];
};

struct class_table {
    struct class_row *rows;
    size_t count;
    bool has_dates;
};

bool class_table_make(const struct class_plan *plan, const struct class_options *options,
                      struct class_table *table, char *error, size_t error_size);
void class_table_free(struct class_table *table);

/* class.csv, class.html and results.jsonl. False with errno set. */
bool class_write_csv(const struct class_table *table, const char *path);
bool class_write_results(const struct class_table *table, const char *path);
bool html_write(const struct class_plan *plan, const struct class_table *table, const char *path);

/* Fill in penalties from a CSV of dates. False with a line in error. */
bool class_late(const struct class_options *options, struct class_table *table, char *error,
                size_t error_size);

/* Let each result say what the table deducts, and no more. False with errno set. */
bool class_late_note(const struct class_plan *plan, const struct class_table *table);

/* Grade all by Slurm, and wait. False with a line in error. */
bool slurm_grade(const struct class_plan *plan, const struct class_options *options, char *error,
                 size_t error_size);
