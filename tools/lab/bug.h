/* The bug hunt: a wrong kernel, on a branch of its own. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/*
 * Put the functions of labs/9-bug-hunt/bugs/NAME.c into the tree's sources, on a new
 * branch of that name, as a commit. False with one line in error: no such kernel, changes
 * in src that would be lost, or no git.
 */
bool bug_plant(const char *root, const char *name, char *error, size_t error_size);
