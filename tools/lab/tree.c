#include "tree.h"

#include "command.h"
#include "text.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LAB_BUG_HUNT = 9 };

bool tree_is_secret(const char *relative, unsigned lab)
{
    static const char *const secrets[] = {
        "labs/*/zoo/*",  "labs/*/odd/*", "labs/*/hidden.toml", "labs/zoo.md",
        "labs/cheats/*", "tests/labs/*", "tests/grade/*",      "labs/*/solutions/*",
    };

    for (size_t i = 0; i < sizeof(secrets) / sizeof(*secrets); i++)
        if (fnmatch(secrets[i], relative, 0) == 0)
            return true;
    return lab < LAB_BUG_HUNT && fnmatch("labs/9-bug-hunt/bugs/*", relative, 0) == 0;
}

bool tree_make_parents(const char *path, char *error, size_t error_size)
{
    char *part = text_copy(path, strlen(path));
    bool good = true;

    for (char *slash = part + 1; good && (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        good = mkdir(part, 0777) == 0 || errno == EEXIST ||
               text_fail(error, error_size, "%s: %m", part);
        *slash = '/';
    }
    free(part);
    return good;
}

static bool copy_file(const char *root, const char *directory, const char *relative, char *error,
                      size_t error_size)
{
    char *from = text_path(root, relative), *to = text_path(directory, relative), *text = NULL;
    struct stat info;
    size_t length;
    bool good;

    if (lstat(from, &info) != 0 || !S_ISREG(info.st_mode)) {
        good = true; /* deleted but tracked, or no file: nothing to take */
    } else {
        text = text_read(from, &length, error, error_size);
        good = text && tree_make_parents(to, error, error_size) &&
               text_write(to, text, length, error, error_size) &&
               chmod(to, info.st_mode & 0755) == 0;
    }
    free(text);
    free(from);
    free(to);
    return good;
}

/* Copy what a list of names, each ended by a NUL, says. */
static bool copy_listed(const char *root, const char *directory, unsigned lab, const char *list,
                        size_t length, char *error, size_t error_size)
{
    for (const char *name = list; name < list + length; name += strlen(name) + 1)
        if (!tree_is_secret(name, lab) && !copy_file(root, directory, name, error, error_size))
            return false;
    return true;
}

static bool is_left_out(const char *folder, const char *name)
{
    static const char *const hidden[] = { ".ci",       ".clang-format", ".clang-tidy",
                                          ".clangd",   ".devcontainer", ".vscode",
                                          ".gitignore" };

    if (name[0] != '.')
        return !*folder && strcmp(name, "build") == 0;
    for (size_t i = 0; i < sizeof(hidden) / sizeof(*hidden); i++)
        if (strcmp(name, hidden[i]) == 0)
            return false;
    return true;
}

/* Add all files below a folder to the list; folder is "" or ends in a slash. */
static void walk(const char *root, const char *folder, FILE *list)
{
    char *path = text_path(root, folder);
    DIR *directory = opendir(path);
    struct dirent *entry;

    while (directory && (entry = readdir(directory))) {
        char *inner;

        if (is_left_out(folder, entry->d_name))
            continue;
        if (asprintf(&inner, "%s%s%s", folder, entry->d_name, entry->d_type == DT_DIR ? "/" : "") <
            0)
            abort();
        if (entry->d_type == DT_DIR)
            walk(root, inner, list);
        else
            fwrite(inner, 1, strlen(inner) + 1, list);
        free(inner);
    }
    if (directory)
        closedir(directory);
    free(path);
}

bool tree_ask_git(const char *root, bool fresh, char **list, size_t *length, char *error,
                  size_t error_size)
{
    static const char *const known[] = { "git", "-c", "safe.directory=*", "ls-files", "-z", NULL };
    static const char *const unknown[] = { "git",
                                           "-c",
                                           "safe.directory=*",
                                           "ls-files",
                                           "-z",
                                           "--others",
                                           "--exclude-standard",
                                           "-x.*",
                                           "-x*~",
                                           "-x*.bak",
                                           "-x*.orig",
                                           "-x*.rej",
                                           "-xanswers.toml",
                                           "--",
                                           "docs",
                                           "iso",
                                           "labs",
                                           "src",
                                           "tests",
                                           "toolchain",
                                           "tools",
                                           "user",
                                           NULL };

    return command_run(root, fresh ? unknown : known, list, length, error, error_size);
}

/* Copy what git knows, or does not know yet; of the latter is told. */
static bool copy_asked(const char *root, const char *directory, unsigned lab, bool fresh,
                       char *error, size_t error_size)
{
    char *list = NULL;
    size_t length = 0;
    bool good = tree_ask_git(root, fresh, &list, &length, error, error_size) &&
                copy_listed(root, directory, lab, list, length, error, error_size);

    for (const char *name = list; good && fresh && name < list + length; name += strlen(name) + 1)
        if (!tree_is_secret(name, lab))
            fprintf(stderr, "quire: not in git yet, and handed out: %s\n", name);
    free(list);
    return good;
}

static bool copy_walked(const char *root, const char *directory, unsigned lab, char *error,
                        size_t error_size)
{
    char *list = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&list, &length);
    bool good;

    if (!out)
        abort();
    walk(root, "", out);
    fclose(out);
    good = copy_listed(root, directory, lab, list, length, error, error_size);
    free(list);
    return good;
}

bool tree_copy(const char *root, const char *directory, unsigned lab, char *error,
               size_t error_size)
{
    char *git = text_path(root, ".git");
    bool good = access(git, F_OK) == 0
                    ? copy_asked(root, directory, lab, false, error, error_size) &&
                          copy_asked(root, directory, lab, true, error, error_size)
                    : copy_walked(root, directory, lab, error, error_size);

    free(git);
    return good;
}

static int remove_one(const char *path, const struct stat *info, int type, struct FTW *where)
{
    (void)info;
    (void)type;
    (void)where;
    return remove(path);
}

void tree_remove(const char *directory)
{
    nftw(directory, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}
