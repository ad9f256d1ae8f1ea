/* The submission's answers to the rubric's questions: labs/N-name/answers.toml. */
#pragma once

#include "grading.h"

/*
 * Read the answers from the submission's files. Answers that cannot be read do not count, nor
 * do predictions with another seed than that of the student whom they name: answers_why says
 * so, and it is no error. False with the reason in error if the work folder cannot be written.
 */
bool questions_read(struct grading *grading);

/* The seed of the student's own run: made of the name, or what the answers say; 1 if nothing. */
uint64_t questions_seed(const struct grading *grading);

/* What to say where there is no answer to a question. */
const char *questions_unanswered(const struct grading *grading);
