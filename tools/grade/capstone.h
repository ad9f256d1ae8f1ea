/*
 * The capstone: a property of the student's own, labs/10-capstone/property.c, judged by
 * the kernels that it condemns. In a rubric:
 *
 *     [[check]]
 *     catches = "right"       # it must pass on all of these; or
 *     catches = "wrong"       # it must fail on at_least of these (default: all)
 *     lab = "7-fork"
 *     record = "child-runs"   # the run of this check of that lab is recorded
 *     bodies = ["", "labs/7-fork/odd/lists.c"]    # "" is the reference itself
 *
 * Recordings are kept in build/grade/corpus: the same for all submissions.
 */
#pragma once

#include "grading.h"

/* "passed", "failed" or "error", and the reason in text. */
const char *capstone_judge(const struct grading *grading, const struct rubric_check *check,
                           char *text, size_t size);

/* A recorded machine of the corpus. */
struct corpus_machine {
    char trace[PATH_MAX], kernel[PATH_MAX], program[PATH_MAX];
};

/*
 * Record the reference, or the reference with a bodies file, unless that is done. False
 * with one line in text.
 */
bool corpus_get(const struct grading *grading, const struct rubric_check *check, const char *bodies,
                struct corpus_machine *out, char *text, size_t size);
