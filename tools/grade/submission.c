/* From a source to the lab's files: recognise, gather, choose, check, write. */
#include "submission.h"

#include "hash.h"
#include "manifest.h"
#include "submission_parts.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SIGNATURE = 16, PATH_SIZE = 4096 };

static bool folder_has(const char *folder, const char *name)
{
    char path[PATH_SIZE];
    struct stat info;

    return (size_t)snprintf(path, sizeof(path), "%s/%s", folder, name) < sizeof(path) &&
           stat(path, &info) == 0;
}

static bool is_bare_repository(const char *folder)
{
    return folder_has(folder, "HEAD") && folder_has(folder, "objects") &&
           folder_has(folder, "refs");
}

static bool is_bundle(const char *file)
{
    char start[SIGNATURE] = "";
    FILE *stream = fopen(file, "re");

    if (stream) {
        const size_t got = fread(start, 1, sizeof(start) - 1, stream);

        start[got] = '\0';
        fclose(stream);
    }
    return strncmp(start, "# v2 git bundle", 15) == 0 || strncmp(start, "# v3 git bundle", 15) == 0;
}

/* A work tree is taken as it lies there; if nothing of it is checked out, its last commit. */
static bool gather_work_tree(struct gather *gather, const char *source, struct submission *out)
{
    char repository[PATH_SIZE];

    out->kind = "folder";
    if (!gather_folder(gather, source))
        return false;
    if (gather->found_count > 0 || gather->similar_to || gather->unread[0] ||
        (size_t)snprintf(repository, sizeof(repository), "%s/.git", source) >= sizeof(repository) ||
        !is_bare_repository(repository))
        return true;
    out->kind = "git";
    return gather_git(gather, repository, false);
}

static bool gather_source(struct gather *gather, const char *source, struct submission *out)
{
    struct stat info;

    if (stat(source, &info) != 0)
        return gather_fail(gather, "%s: %m", source);
    if (S_ISDIR(info.st_mode) && !is_bare_repository(source))
        return gather_work_tree(gather, source, out);
    if (!S_ISDIR(info.st_mode) && !S_ISREG(info.st_mode))
        return gather_fail(gather, "%s is neither a folder nor an archive", source);
    out->kind = "git";
    if (S_ISDIR(info.st_mode) || is_bundle(source))
        return gather_git(gather, source, S_ISREG(info.st_mode));
    out->kind = "archive";
    return gather_archive(gather, source);
}

static int by_path(const void *a, const void *b)
{
    const struct submission_file *one = a, *other = b;

    return strcmp(one->path, other->path);
}

/* The hash is of paths and contents alone, so that the container makes no difference. */
static void hash_files(struct submission *out)
{
    struct sha256_ctx all, one;

    sha256_init(&all);
    for (size_t i = 0; i < out->count; i++) {
        struct submission_file *file = &out->files[i];

        sha256_init(&one);
        sha256_update(&one, file->size, (const uint8_t *)file->content);
        hash_text(&one, file->sha256);
        hash_add(&all, file->path);
        hash_add(&all, file->sha256);
    }
    hash_text(&all, out->sha256);
}

static bool make_parents(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        struct stat info;

        *slash = '\0';
        const bool made =
            mkdir(path, 0755) == 0 || (stat(path, &info) == 0 && S_ISDIR(info.st_mode));

        *slash = '/';
        if (!made)
            return false;
    }
    return true;
}

static bool write_file(const char *directory, const struct submission_file *file, char *error,
                       size_t error_size)
{
    char path[PATH_SIZE];
    FILE *stream = NULL;
    bool good = false;

    snprintf(path, sizeof(path), "%s/%s", directory, file->path);
    unlink(path); /* What is there may be a hard link to the instructor's own file. */
    if (make_parents(path))
        stream = fopen(path, "wxe");
    if (stream) {
        good = fwrite(file->content, 1, file->size, stream) == file->size;
        good = fclose(stream) == 0 && good;
    }
    if (!good)
        snprintf(error, error_size, "%s: %m", path);
    return good;
}

/* The lab's files, and its answers, which may be missing where there are files to write. */
static size_t allowed_paths(const struct lab *lab, const char **out, char *answers,
                            size_t answers_size)
{
    size_t count = 0;

    while (count < lab->files.count && count < SUBMISSION_FILES_MAX - 1) {
        out[count] = lab->files.at[count];
        count++;
    }
    snprintf(answers, answers_size, "%s/answers.toml", lab->directory);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(out[i], answers) == 0)
            return count;
    }
    out[count] = answers;
    return count + 1;
}

static bool collect(struct gather *gather, const char *source, struct submission *out)
{
    if (!gather_source(gather, source, out) || !submission_choose(gather, out))
        return false;
    qsort(out->files, out->count, sizeof(out->files[0]), by_path);
    for (size_t i = 0; i < out->count; i++) {
        if (!submission_check_text(&out->files[i], gather->error, gather->error_size))
            return false;
    }
    hash_files(out);
    return true;
}

bool submission_collect(const char *source, const struct lab *lab, const char *into_dir,
                        struct submission *out, char *error, size_t error_size)
{
    const char *allowed[SUBMISSION_FILES_MAX];
    char answers[PATH_SIZE];
    struct gather *gather = calloc(1, sizeof(*gather));

    *out = (struct submission){ .kind = "folder" };
    if (!gather) {
        snprintf(error, error_size, "no memory");
        return false;
    }
    gather->allowed = allowed;
    gather->allowed_count = allowed_paths(lab, allowed, answers, sizeof(answers));
    gather->required = lab->files.count > 0 ? lab->files.count : 1;
    gather->error = error;
    gather->error_size = error_size;
    bool good = collect(gather, source, out);

    gather_free(gather);
    free(gather);
    for (size_t i = 0; good && into_dir && i < out->count; i++)
        good = write_file(into_dir, &out->files[i], error, error_size);
    return good;
}

void submission_free(struct submission *submission)
{
    for (size_t i = 0; i < submission->count; i++) {
        free(submission->files[i].path);
        free(submission->files[i].content);
    }
    submission->count = 0;
}
