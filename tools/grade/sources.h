/* The files of a tree that are built, without those that a submission brings. */
#pragma once

#include "hash.h"
#include "manifest.h"

enum { SOURCES_PARTS_MAX = 16 };

struct source_file {
    char *path;   /* from the tree's root */
    bool emptied; /* one of the lab's sources: it is there, with nothing in it */
};

struct sources {
    char *root;
    struct source_file *files; /* sorted by path */
    size_t count;
};

/*
 * All regular files in these folders, or these files; what is not there is left
 * out. Names that begin with a dot do not count, links neither. Headers of the lab
 * stay what they are: other files need them.
 */
struct sources *sources_find(const char *root, const char *const *parts, size_t count,
                             const struct lab_words *lab_files);
void sources_free(struct sources *list);

/* Feed names and contents. */
bool sources_hash(const struct sources *list, struct sha256_ctx *hash, char *error,
                  size_t error_size);

bool sources_copy(const struct sources *list, const char *to, char *error, size_t error_size);

/* Copy one file, making folders; the copy is as new as can be. */
bool sources_put(const char *root, const char *path, const char *content, size_t size, char *error,
                 size_t error_size);
