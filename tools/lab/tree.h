/* Copying the project into a student's tree. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/*
 * Copy the files of the tree at root to the new directory: those of tree_ask_git, or
 * all but build/ and hidden folders where there is no git. Wrong and odd solutions,
 * hidden checks, cheats and the tests that speak of them stay behind; the bug hunt's
 * kernels come along only where their functions are to be seen (lab 9 and later).
 */
bool tree_copy(const char *root, const char *directory, unsigned lab, char *error,
               size_t error_size);

/*
 * The files of the git repository at root: those that it tracks, or the fresh ones, which
 * it does not know yet, in the project's own folders only (beside them lie hand-ins and
 * results) and without backups and answers. *list has names, each ended by a NUL; some
 * may have been deleted. False with a line in error.
 */
bool tree_ask_git(const char *root, bool fresh, char **list, size_t *length, char *error,
                  size_t error_size);

/* Make all folders above a path. */
bool tree_make_parents(const char *path, char *error, size_t error_size);

/* Remove a directory with all that is in it. */
void tree_remove(const char *directory);

/* Does a student's tree for this lab go without the file? */
bool tree_is_secret(const char *relative, unsigned lab);
