/* What the readers of submissions share: entries are shown to a gatherer, which keeps few. */
#pragma once

#include "submission.h"

#include <stdint.h>

enum {
    GATHER_FOUND_MAX = 256,      /* files that could be the lab's */
    GATHER_ENTRIES_MAX = 50000,  /* in an archive */
    GATHER_WALKED_MAX = 1000000, /* in a folder, where an entry costs nothing */
    PATH_SHOWN = 100,            /* of a path, in messages */
};

/* Unpacked bytes of an archive, and how far it may expand beyond the first of them. */
#define GATHER_BYTES_MAX  (1024ull * 1024 * 1024)
#define GATHER_BYTES_FREE (32ull * 1024 * 1024)
#define GATHER_RATIO_MAX  100

enum entry_kind { ENTRY_FILE, ENTRY_FOLDER, ENTRY_LINK, ENTRY_SPECIAL };

/* What a reader does with an entry. */
enum gather_answer { GATHER_SKIP, GATHER_READ, GATHER_REFUSE };

/* A file that could be one of the lab's. */
struct found {
    char *path; /* in the source */
    char *content;
    size_t size;
};

struct gather {
    const char *const *allowed; /* paths in the tree */
    size_t allowed_count;
    size_t required; /* so many of them, from the first, must be there */
    bool packed;     /* an archive: nothing in it got there by accident */
    struct found found[GATHER_FOUND_MAX];
    size_t found_count, entries, files;
    char nested[PATH_SHOWN];  /* an archive in it */
    char other[PATH_SHOWN];   /* a file that is not the lab's */
    char similar[PATH_SHOWN]; /* one that is but for upper and lower case... */
    const char *similar_to;   /* ...to this */
    char unread[PATH_SHOWN];  /* what may not be read, and could hold anything... */
    int unread_reason;        /* ...an errno */
    char *error;
    size_t error_size;
};

/* Put a line in gather->error; always false. */
bool gather_fail(struct gather *gather, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A path as it may be printed: one line, no control characters, not long. */
const char *path_show(const char *path, char out[PATH_SHOWN]);

/* Look at an entry. Its path is relative; a leading "./" is dropped by path_plain. */
enum gather_answer gather_entry(struct gather *gather, const char *path, enum entry_kind kind,
                                uint64_t size);
const char *path_plain(const char *path);

/* Something that cannot be read, for this errno. False if the lab's files could be there. */
bool gather_unread(struct gather *gather, const char *path, int reason);

/* Keep a file's content, which then belongs to the gatherer. */
bool gather_keep(struct gather *gather, const char *path, char *content, size_t size);

void gather_free(struct gather *gather);

/* Readers: show everything in the source to the gatherer. False with a line in error. */
bool gather_folder(struct gather *gather, const char *source);
bool gather_archive(struct gather *gather, const char *source);
bool gather_git(struct gather *gather, const char *source, bool bundle);

/* Does the path end in an allow-listed one, whole folders only? */
bool path_ends(const char *path, const char *allowed);

/* Is the path, perhaps below one more folder, the end of an allow-listed one? */
bool path_is_end_of(const char *path, const char *allowed);

/* Take from what was found the lab's files, each once. False with a line in error. */
bool submission_choose(struct gather *gather, struct submission *out);

/* Is this a text that the tools can read? False with a line in error. */
bool submission_check_text(const struct submission_file *file, char *error, size_t error_size);
