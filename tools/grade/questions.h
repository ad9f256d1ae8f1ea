/* The submission's answers to the rubric's questions: labs/N-name/answers.toml. */
#pragma once

#include "grading.h"

/*
 * Read the answers from the submission's files. Answers that cannot be read do not count, and
 * are no error; false with the reason in error if the work folder cannot be written.
 */
bool questions_read(struct grading *grading);

/* What to say where there is no answer to a question. */
const char *questions_unanswered(const struct grading *grading);
