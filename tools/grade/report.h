/* The result for people, on standard output. */
#pragma once

#include "grading.h"

void report_print(const struct grading *grading, const json_t *result);

/* Host tests come first, before any machine is started. */
void report_host_tests(const struct grading *grading);

/* What the compiler said, if it said anything. */
void report_build(const struct grading *grading);
