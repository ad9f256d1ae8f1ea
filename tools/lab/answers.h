/* labs/N-name/answers.toml: the questions, and room for the answers. */
#pragma once

#include "manifest.h"

#include <stdint.h>

/* The seed of a student's own run, made of the name; any for "". It is not 0 and fits an int. */
uint64_t answers_seed(const char *student);

/* Make the file in the tree from the lab's rubric; student's name goes in, "" for none. */
bool answers_write(const char *tree, const struct lab *lab, const char *student, char *error,
                   size_t error_size);
