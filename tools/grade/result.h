/* The result: one JSON value, docs/result.schema.json. */
#pragma once

#include "grading.h"

/* Fill in checks from the machines' outcomes, the answers, and what checks need. */
void result_judge_checks(struct grading *grading);

/* All of it; the caller owns the value. */
json_t *result_make(const struct grading *grading);

/* Sum of the points of the checks that passed, and of all. */
void result_points(const json_t *checks, unsigned *points, unsigned *max);

/* Was everything judged? */
bool result_is_graded(const struct grading *grading);

/* Write it, by renaming a complete file; "-" is standard output. False with errno set. */
bool result_write(const json_t *result, const char *path);
