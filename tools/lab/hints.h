/*
 * labs/N-name/hints.md: for each function a heading `## FUNCTION`, below it the hints,
 * each under `### LEVEL`, from a nudge to nearly the answer. How far a student has come
 * is noted in the tree's build/lab-hints.
 */
#pragma once

#include "manifest.h"

/*
 * Print one hint: level 0 asks for the next one that was not shown yet. Without a
 * function (NULL) the lab's functions are listed with how many hints were shown.
 */
bool hints_show(const char *root, const struct lab *lab, const char *function, unsigned level,
                char *error, size_t error_size);
