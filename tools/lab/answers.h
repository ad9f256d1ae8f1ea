/* labs/N-name/answers.toml: the questions, and room for the answers. */
#pragma once

#include "manifest.h"

/* Make the file in the tree from the lab's rubric; student's name goes in, "" for none. */
bool answers_write(const char *tree, const struct lab *lab, const char *student, char *error,
                   size_t error_size);
