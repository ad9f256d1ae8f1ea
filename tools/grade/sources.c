#include "sources.h"

#include "process.h"
#include "text.h"

#include <fts.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool path_is_source(const char *path)
{
    size_t length = strlen(path);

    return length > 2 &&
           (strcmp(path + length - 2, ".c") == 0 || strcmp(path + length - 2, ".S") == 0);
}

static bool words_have(const struct lab_words *words, const char *word)
{
    for (size_t i = 0; i < words->count; i++) {
        if (strcmp(words->at[i], word) == 0)
            return true;
    }
    return false;
}

static void sources_add(struct sources *list, const char *path, const struct lab_words *lab_files)
{
    list->files = reallocarray(list->files, list->count + 1, sizeof(*list->files));
    if (!list->files)
        abort();
    list->files[list->count++] = (struct source_file){
        .path = text_copy(path, strlen(path)),
        .emptied = path_is_source(path) && words_have(lab_files, path),
    };
}

static int file_compare(const void *a, const void *b)
{
    return strcmp(((const struct source_file *)a)->path, ((const struct source_file *)b)->path);
}

static void sources_walk(struct sources *list, const char *part, const struct lab_words *lab_files)
{
    char *start = text_path(list->root, part), *paths[] = { start, NULL };
    FTS *walk = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    FTSENT *entry;

    while (walk && (entry = fts_read(walk))) {
        if (entry->fts_name[0] == '.')
            fts_set(walk, entry, FTS_SKIP);
        else if (entry->fts_info == FTS_F)
            sources_add(list, entry->fts_path + strlen(list->root) + 1, lab_files);
    }
    if (walk)
        fts_close(walk);
    free(start);
}

struct sources *sources_find(const char *root, const char *const *parts, size_t count,
                             const struct lab_words *lab_files)
{
    struct sources *list = text_alloc(sizeof(*list));

    list->root = text_copy(root, strlen(root));
    for (size_t i = 0; i < count; i++)
        sources_walk(list, parts[i], lab_files);
    qsort(list->files, list->count, sizeof(*list->files), file_compare);
    return list;
}

void sources_free(struct sources *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->files[i].path);
    free(list->files);
    free(list->root);
    free(list);
}

bool sources_hash(const struct sources *list, struct sha256_ctx *hash, char *error,
                  size_t error_size)
{
    for (size_t i = 0; i < list->count; i++) {
        char *path = text_path(list->root, list->files[i].path), text[HASH_TEXT] = "";
        bool good = list->files[i].emptied || hash_file(path, text);

        free(path);
        if (!good)
            return text_fail(error, error_size, "cannot read %s", list->files[i].path);
        hash_add(hash, list->files[i].path);
        hash_add(hash, text);
    }
    return true;
}

bool sources_put(const char *root, const char *path, const char *content, size_t size, char *error,
                 size_t error_size)
{
    char *to = text_path(root, path), *slash = strrchr(to, '/');
    bool good;
    FILE *file;

    *slash = '\0';
    good = process_make_directory(to);
    *slash = '/';
    /* A new file: ninja goes by its time, and the old one may have another name elsewhere. */
    unlink(to);
    file = good ? fopen(to, "wxe") : NULL;
    good = file && fwrite(content, 1, size, file) == size;
    if (file && fclose(file) != 0)
        good = false;
    if (!good)
        text_fail(error, error_size, "cannot write %s: %m", to);
    free(to);
    return good;
}

bool sources_copy(const struct sources *list, const char *to, char *error, size_t error_size)
{
    for (size_t i = 0; i < list->count; i++) {
        char *from = text_path(list->root, list->files[i].path), empty[1] = "";
        size_t size = 0;
        char *content = list->files[i].emptied ? empty : text_read(from, &size, error, error_size);
        bool good =
            content && sources_put(to, list->files[i].path, content, size, error, error_size);

        if (content != empty)
            free(content);
        free(from);
        if (!good)
            return false;
    }
    return true;
}
