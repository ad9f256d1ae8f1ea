#include "tree_files.h"

#include "tree.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DEPTH_OPEN = 16 };

static struct tree_files *walked; /* nftw passes nothing on */
static size_t root_length;

static bool add(struct tree_files *files, const char *path)
{
    char **paths = realloc(files->path, (files->count + 1) * sizeof(*paths));

    if (!paths)
        return false;
    files->path = paths;
    paths[files->count] = strdup(path);
    return paths[files->count] && ++files->count;
}

static int visit(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
    const char *relative = path + root_length;

    (void)st;
    if (kind == FTW_D && ftw->level == 1 &&
        (strcmp(relative, "build") == 0 || strcmp(relative, ".git") == 0))
        return FTW_SKIP_SUBTREE;
    if (kind == FTW_F && !add(walked, relative))
        return FTW_STOP;
    return FTW_CONTINUE;
}

static bool walk(const char *root, struct tree_files *out)
{
    walked = out;
    root_length = strlen(root) + 1;
    return nftw(root, visit, DEPTH_OPEN, FTW_PHYS | FTW_ACTIONRETVAL) == 0;
}

/* What git knows, or does not know yet; of the latter is told. */
static bool ask_git(const char *root, bool fresh, struct tree_files *out, char *error,
                    size_t error_size)
{
    char *list = NULL, full[4096];
    size_t length = 0;
    struct stat st;
    bool ok = tree_ask_git(root, fresh, &list, &length, error, error_size);

    for (const char *path = list; ok && path < list + length; path += strlen(path) + 1) {
        snprintf(full, sizeof(full), "%s/%s", root, path);
        if (lstat(full, &st) != 0 || !S_ISREG(st.st_mode))
            continue;
        ok = add(out, path);
        if (fresh)
            fprintf(stderr, "quire: not in git yet, and packed: %s\n", path);
    }
    free(list);
    return ok;
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

bool tree_files_list(const char *root, struct tree_files *out, char *error, size_t error_size)
{
    char git[4096];
    bool ok;

    *out = (struct tree_files){ 0 };
    snprintf(git, sizeof(git), "%s/.git", root);
    snprintf(error, error_size, "cannot list the files of %s", root);
    ok = access(git, F_OK) == 0 ? ask_git(root, false, out, error, error_size) &&
                                      ask_git(root, true, out, error, error_size)
                                : walk(root, out);
    if (!ok || out->count == 0)
        return false;
    qsort(out->path, out->count, sizeof(*out->path), compare);
    return true;
}

void tree_files_free(struct tree_files *files)
{
    for (size_t i = 0; i < files->count; i++)
        free(files->path[i]);
    free(files->path);
    *files = (struct tree_files){ 0 };
}
