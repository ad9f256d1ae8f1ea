/*
 * Paths of programs: what they lead to, in the image or among the files that
 * the kernel makes up (kern/proc.h).
 */
#pragma once

#include "kern/image.h"
#include "lib/err.h"
#include "lib/types.h"

struct file_ops;

struct path_node {
    struct image_node image;     /* unless proc is set */
    const struct file_ops *proc; /* the kind of a file under /proc; null: not one */
};

/*
 * Copy a path from a program into a frame of its own, for path_free.
 * Errors: ERR_FAULT, ERR_NAMETOOLONG, ERR_NOMEM.
 */
err_t path_copy(vaddr_t from, char **out);
void path_free(char *path);

/* What a path leads to, as written. Errors: ERR_NOENT, ERR_NOTDIR, ERR_NOMEM. */
err_t path_lookup(const char *text, struct path_node *out);
