/*
 * The files of the tree that a package carries: those that git knows or will know, or,
 * in a copy without git, all but build/.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct tree_files {
    char **path; /* relative to the root, sorted */
    size_t count;
};

/* False with one line in error. tree_files_free in any case. */
bool tree_files_list(const char *root, struct tree_files *out, char *error, size_t error_size);
void tree_files_free(struct tree_files *files);
