/*
 * Bodies files, labs/N-name/zoo/NAME.c and odd/NAME.c: other definitions of functions
 * of the lab's files, put into a tree in place of its own.
 *
 * A definition replaces the one of the same name: its code, not the comment above it.
 * That holds for every function, variable, macro and type of the lab's files. What
 * they do not have (helpers, #include, #define, prototypes) is inserted before the
 * first replaced item: an #include into every file that is touched, all else into the
 * file of the replaced function that follows it.
 */
#pragma once

#include "manifest.h"

/* False with one line in error; no file of the tree has changed then. */
bool bodies_apply(const char *tree, const struct lab *lab, const char *bodies_file, char *error,
                  size_t error_size);

/*
 * The comment at the head of a bodies file:
 *
 *     Misconception: text, or Different: text    (up to an empty line)
 *     Fails: check-id, check-id
 *     Compiler: clang
 *     Flags: -O0
 */
struct bodies_head {
    char *text; /* one line, however many the file has */
    bool is_wrong;
    char **fails;           /* NULL-terminated */
    char *compiler, *flags; /* NULL: the usual ones */
};
bool bodies_head_read(const char *bodies_file, struct bodies_head *out, char *error,
                      size_t error_size);
void bodies_head_free(struct bodies_head *head);
