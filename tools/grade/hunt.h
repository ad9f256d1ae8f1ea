/*
 * The bug hunt: wrong kernels that students mend. In a rubric:
 *
 *     [[check]]
 *     hunt = "alder"          # labs/9-bug-hunt/bugs/alder.c: the functions that are wrong
 *     lab = "2-buddy"         # the lab whose checks the mended kernel must pass
 *
 *     [[check]]
 *     answer = "Which invariant does alder break?"
 *     accept = ["5c1f..."]    # quire-grade hash-answer ID TEXT prints them
 *
 * An answer that is in no row of the handout's tables is said to be no rule.
 *
 * The patch is alder.patch in the lab's folder, at most HUNT_LINES changed lines.
 */
#pragma once

#include "grading.h"

enum { HUNT_LINES = 10 };

/* "passed", "failed" or "error", and the reason in text. */
const char *hunt_judge(const struct grading *grading, const struct rubric_check *check, char *text,
                       size_t size);
const char *hunt_answer(const struct grading *grading, const struct rubric_check *check, char *text,
                        size_t size);

/* The hash of an answer: case and punctuation do not count. */
void hunt_hash(const char *id, const char *answer, char out[HASH_TEXT]);

/* Lines that a unified diff adds or removes. */
unsigned hunt_changed_lines(const char *patch);
