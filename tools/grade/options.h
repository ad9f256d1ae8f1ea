/* The command line of quire-grade grade. */
#pragma once

#include "grading.h"

/* Fill in options; false for wrong usage, which was told on standard error. */
bool grade_options_parse(struct grade_options *options, int argc, char **argv);

void grade_usage(void);
