#include "staff.h"

#include "manifest.h"
#include "text.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool list_has(const char *list, const char *name, size_t length)
{
    while (*list) {
        size_t item = strcspn(list, ",");

        if (item == length && strncmp(list, name, length) == 0)
            return true;
        list += item + (list[item] == ',');
    }
    return false;
}

static int is_module(const struct dirent *entry)
{
    return entry->d_type == DT_DIR && entry->d_name[0] != '.';
}

/* "arch,boot,kern" */
static char *modules_list(const char *root)
{
    char *path = text_path(root, "src"), *list;
    size_t size;
    struct dirent **found;
    int count = scandir(path, &found, is_module, alphasort);
    FILE *out = open_memstream(&list, &size);

    if (!out)
        abort();
    for (int i = 0; i < count; i++) {
        fprintf(out, "%s%s", i > 0 ? "," : "", found[i]->d_name);
        free(found[i]);
    }
    if (count >= 0)
        free(found);
    fclose(out);
    free(path);
    return list;
}

bool staff_check(const char *root, const char *list, char *error, size_t error_size)
{
    char *modules = modules_list(root);
    bool good = true;

    for (const char *name = list; good && name;) {
        size_t length = strcspn(name, ",");

        if (!list_has(modules, name, length))
            good = text_fail(error, error_size, "--staff takes some of %s, not", modules);
        name = name[length] == ',' ? name + length + 1 : NULL;
    }
    free(modules);
    return good;
}

bool staff_has(const char *list, const char *path)
{
    const char *slash;

    if (!list || strncmp(path, "src/", 4) != 0 || !(slash = strchr(path + 4, '/')))
        return false;
    return list_has(list, path + 4, (size_t)(slash - path - 4));
}

struct lab staff_lab(const char *list, const struct lab *lab)
{
    struct lab left = *lab;

    left.files = (struct lab_words){ .at = text_alloc((lab->files.count + 1) * sizeof(char *)) };
    for (size_t i = 0; i < lab->files.count; i++) {
        if (!staff_has(list, lab->files.at[i]))
            left.files.at[left.files.count++] = lab->files.at[i];
    }
    if (left.files.count > 0)
        return left;
    memcpy(left.files.at, lab->files.at, lab->files.count * sizeof(char *));
    left.files.count = lab->files.count;
    return left;
}
