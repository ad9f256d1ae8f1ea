/* The lab's host tests, built with sanitizers from the submission's files and run in the box. */
#pragma once

#include "grading.h"

/*
 * Fills in host_tests. STEP_FAILED if one of them fails; they earn nothing, as the
 * submission's own code could print whatever they print.
 */
enum grade_step host_tests_run(struct grading *grading);
