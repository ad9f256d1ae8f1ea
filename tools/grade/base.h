/*
 * The base of a lab: what of the tree the graded kernel and the host tests are
 * built from, with the files that a submission brings left empty, configured and
 * compiled as far as it goes. It is made once and copied for each submission, so
 * that only the submission's own files are compiled again, and nothing of a
 * solution is in it by construction.
 *
 * In the sandbox the tree is mounted as /quire, so its absolute paths, which the
 * build tree knows, are the same for every copy.
 */
#pragma once

#include "grading.h"

#define BASE_TREE "/quire" /* where a tree is in its box */

/* Find the base of the grading's lab, or make it. Fills in base and base_hash. */
enum grade_step base_prepare(struct grading *grading);

/* The preset that builds the kernel. */
const char *base_preset(const struct grading *grading);
