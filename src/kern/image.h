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
 * Bring a path as programs write it into its plain form, in place: no leading,
 * trailing or double slash, no "." or ".."; relative paths start at "/", above
 * which ".." does not lead; "" is the root. *directory: the path was written
 * such that only a directory will do ("a/", "a/.").
 */
void image_normalize(char *path, bool *directory);

/* Look up a plain path. Errors: ERR_NOENT, ERR_NOTDIR. O(files). */
err_t image_lookup(const char *plain, struct image_node *out);

/* A file by its plain path, the kernel's own included. Errors: ERR_NOENT. */
err_t image_find(const char *plain, struct cpio_entry *out);
