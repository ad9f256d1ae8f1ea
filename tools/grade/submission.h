/*
 * What a student hands in, reduced to the files that the lab asks for.
 *
 * A source is a folder, an archive (zip, tar, tar.gz, tar.bz2, tar.xz, tar.zst) or
 * a git repository (work tree, bare, or bundle; its committed HEAD where there is
 * no work tree). The content is hostile: nothing in it is executed, no link is
 * followed, sizes and counts are bounded while unpacking.
 *
 * A file is taken if its path ends in an allow-listed path, whatever folders are
 * around it (students zip their tree, or only its src folder). All files must hang
 * from one such place. Everything else is ignored and counted.
 *
 * Where to start reading: submission_collect in submission.c; submission_check.c
 * for what is refused.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct lab;

enum {
    SUBMISSION_FILES_MAX = 64,
    SUBMISSION_FILE_BYTES = 256 * 1024,
    SUBMISSION_HASH_SIZE = 65, /* hexadecimal SHA-256 and NUL */
};

struct submission_file {
    char *path; /* allow-listed, relative to the tree */
    char *content;
    size_t size;
    char sha256[SUBMISSION_HASH_SIZE];
};

struct submission {
    struct submission_file files[SUBMISSION_FILES_MAX]; /* sorted by path */
    size_t count;
    size_t ignored;                    /* other files that were there */
    char sha256[SUBMISSION_HASH_SIZE]; /* of all paths and contents, whatever the container */
    const char *kind;                  /* "folder", "archive" or "git" */
};

/*
 * Read a source and write the lab's files below into_dir (which exists; folders are
 * made), or only read it if into_dir is NULL. False with one line in error that
 * tells the student what to mend; nothing was written then. submission_free in
 * either case.
 */
bool submission_collect(const char *source, const struct lab *lab, const char *into_dir,
                        struct submission *out, char *error, size_t error_size);

void submission_free(struct submission *submission);
