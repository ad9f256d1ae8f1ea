/* Making a student's tree. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct new_options {
    const char *root, *lab, *directory;
    const char *student;   /* "": nobody yet */
    const char *solutions; /* NULL: all earlier labs are solved; "none"; or "A-B" */
    const char *grader;    /* quire-grade, which records the solution; NULL: no traces of it */
};

/*
 * Make the tree: a copy of root without what students must not see, the lab's functions
 * blanked, questions to answer, traces of the solution, one commit. The directory must be
 * new or empty; it is there only if all went well. False with one line in error; *usage
 * says whether the request itself was wrong.
 */
bool new_make(const struct new_options *options, bool *usage, char *error, size_t error_size);
