/* The command line of quire-grade grade-class. */
#pragma once

#include "class.h"

/* Fill in options; false for wrong usage, which was told on standard error. */
bool class_options_parse(struct class_options *options, int argc, char **argv);
