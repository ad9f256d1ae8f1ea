/* What is graded: the files of a submission, or of this tree as the options change it. */
#pragma once

#include "grading.h"

/* Fill in submission, name, answers and unwritten. */
enum grade_step source_collect(struct grading *grading);
