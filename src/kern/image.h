/*
 * The files of a run: one cpio archive that the loader brought along. Its
 * regular files, read where they lie, are the whole file system; directories
 * exist as far as paths of files imply them. What lies under ".quire/" is for
 * the kernel: the program's arguments, environment and standard input.
 */
#pragma once

#include "kern/cpio.h"
#include "lib/err.h"

enum { PATH_MAX = 4096 };

/*
 * Check the archive and keep it for good. Without one, or with a broken one (a
 * line on the log says where), there are no files.
 */
void image_init(const void *archive, uint64_t size);

enum image_kind { IMAGE_FILE, IMAGE_DIRECTORY };

/* What a path leads to. */
struct image_node {
    enum image_kind kind;
    struct cpio_entry file; /* of a file; all zero for a directory */
};

/*
 * Look up a path as programs write it: relative ones start at "/", empty parts
 * and "." mean nothing, ".." stays at the root.
 * Errors: ERR_NOENT, ERR_NOTDIR, ERR_NAMETOOLONG. O(files).
 */
err_t image_lookup(const char *path, struct image_node *out);

/* Write the path's plain form, without leading slash, to out[PATH_MAX]; "" is the root. */
err_t image_normalize(const char *path, char *out);

/* A file by its plain path, the kernel's own included. Errors: ERR_NOENT. */
err_t image_find(const char *plain, struct cpio_entry *out);
