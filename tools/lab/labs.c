/* All labs of a tree. */
#include "manifest.h"
#include "text.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LABS_MAX = 100 };

static bool has_manifest(const char *labs, const char *name)
{
    char *folder = text_path(labs, name), *file = text_path(folder, "lab.toml");
    bool found = isdigit((unsigned char)name[0]) && access(file, F_OK) == 0;

    free(file);
    free(folder);
    return found;
}

static int by_number(const void *a, const void *b)
{
    const struct lab *left = *(const struct lab *const *)a;
    const struct lab *right = *(const struct lab *const *)b;

    return (int)left->number - (int)right->number;
}

bool lab_list_load(const char *root, struct lab_list *out, char *error, size_t error_size)
{
    char *path = text_path(root, "labs");
    DIR *directory = opendir(path);
    struct dirent *entry;
    bool good = true;

    *out = (struct lab_list){ .at = text_alloc(LABS_MAX * sizeof(struct lab *)) };
    if (!directory)
        good = text_fail(error, error_size, "%s: %m", path);
    while (directory && good && (entry = readdir(directory)) && out->count < LABS_MAX) {
        if (!has_manifest(path, entry->d_name))
            continue;
        out->at[out->count] = lab_load(root, entry->d_name, error, error_size);
        good = out->at[out->count] != NULL;
        out->count += good;
    }
    if (directory)
        closedir(directory);
    free(path);
    qsort(out->at, out->count, sizeof(struct lab *), by_number);
    if (!good)
        lab_list_free(out);
    return good;
}

void lab_list_free(struct lab_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        lab_free(list->at[i]);
    free(list->at);
    *list = (struct lab_list){ 0 };
}

bool lab_current(const char *root, char *out, size_t out_size)
{
    char *path = text_path(root, "labs/current");
    FILE *file = fopen(path, "re");
    bool good = file && fgets(out, (int)out_size, file);

    if (good)
        out[strcspn(out, "\n")] = '\0';
    if (file)
        fclose(file);
    free(path);
    return good;
}
