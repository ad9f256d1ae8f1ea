#include "manifest.h"

#include "config.h"
#include "text.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* What a lab's texts belong to: the parsed file and the name of its folder. */
struct memory {
    json_t *manifest;
    char *directory;
};

static bool is_kind(const char *root, const char *relative, mode_t kind)
{
    char *path = text_path(root, relative);
    struct stat info;
    bool found = stat(path, &info) == 0 && (info.st_mode & S_IFMT) == kind;

    free(path);
    return found;
}

/* A path that stays in the tree. */
static bool is_inside(const char *path)
{
    return path[0] && path[0] != '/' && !strstr(path, "..");
}

static bool read_words(const json_t *table, const char *key, const struct config_place *place,
                       struct lab_words *out)
{
    const json_t *array, *value;
    size_t i;

    if (!config_optional_array(table, key, place, &array))
        return false;
    *out = (struct lab_words){ .at = text_alloc(json_array_size(array) * sizeof(char *)) };
    json_array_foreach(array, i, value)
    {
        if (!json_is_string(value))
            return text_fail(place->error, place->error_size, "%s: '%s' must hold texts only",
                             place->where, key);
        out->at[out->count++] = json_string_value(value);
    }
    return true;
}

static bool holds(const struct lab_words *words, const char *word)
{
    for (size_t i = 0; i < words->count; i++)
        if (strcmp(words->at[i], word) == 0)
            return true;
    return false;
}

static bool read_function(const struct lab *lab, const json_t *table,
                          const struct config_place *place, struct lab_function *out)
{
    static const char *const known[] = { "name", "file", "stub", "drop", NULL };

    if (!config_only(table, known, place) || !config_string(table, "name", place, &out->name) ||
        !config_string(table, "file", place, &out->file) ||
        !config_optional_string(table, "stub", place, &out->stub) ||
        !read_words(table, "drop", place, &out->drop))
        return false;
    if (!holds(&lab->files, out->file))
        return text_fail(place->error, place->error_size, "%s: '%s' is none of the lab's files",
                         place->where, out->file);
    if (!out->stub && strlen(out->file) > 2 && !strcmp(out->file + strlen(out->file) - 2, ".S"))
        return text_fail(place->error, place->error_size, "%s: '%s' needs a stub, in assembly",
                         place->where, out->name);
    return true;
}

static bool read_functions(struct lab *lab, const json_t *manifest,
                           const struct config_place *place)
{
    const json_t *array, *table;
    size_t i;

    if (!config_optional_array(manifest, "function", place, &array))
        return false;
    lab->functions = text_alloc(json_array_size(array) * sizeof(*lab->functions));
    json_array_foreach(array, i, table)
    {
        struct config_place inner = *place;
        struct lab_function function = { 0 };
        char where[200];

        snprintf(where, sizeof(where), "%s, function %zu", place->where, i + 1);
        inner.where = where;
        if (!json_is_object(table))
            return text_fail(place->error, place->error_size, "%s: not a table", where);
        if (!read_function(lab, table, &inner, &function)) {
            free(function.drop.at);
            return false;
        }
        if (lab_function_find(lab, function.name)) {
            free(function.drop.at);
            return text_fail(place->error, place->error_size, "%s: '%s' is named twice", where,
                             function.name);
        }
        lab->functions[lab->function_count++] = function;
    }
    return true;
}

static bool read_keys(struct lab *lab, const json_t *manifest, const struct config_place *place)
{
    static const char *const known[] = { "number",   "name",  "title",        "hours",
                                         "modules",  "files", "kernel_tests", "host_tests",
                                         "function", NULL };
    long long number = -1;

    if (!config_only(manifest, known, place) ||
        !config_integer(manifest, "number", place, &number) ||
        !config_string(manifest, "name", place, &lab->name) ||
        !config_string(manifest, "title", place, &lab->title) ||
        !config_string(manifest, "hours", place, &lab->hours) ||
        !config_optional_string(manifest, "kernel_tests", place, &lab->kernel_tests) ||
        !read_words(manifest, "modules", place, &lab->modules) ||
        !read_words(manifest, "files", place, &lab->files) ||
        !read_words(manifest, "host_tests", place, &lab->host_tests))
        return false;
    if (number < 0 || number > 99)
        return text_fail(place->error, place->error_size, "%s: 'number' must be 0 to 99",
                         place->where);
    lab->number = (unsigned)number;
    return read_functions(lab, manifest, place);
}

/* The folder, the number and the name agree, and what is named is there. */
static bool check_tree(const char *root, const struct lab *lab, const struct config_place *place)
{
    const char *folder = strrchr(lab->directory, '/') + 1;

    if (strcmp(lab->name, folder) != 0 || strtoul(folder, NULL, 10) != lab->number)
        return text_fail(place->error, place->error_size,
                         "%s: number %u and name '%s' do not fit the folder '%s'", place->where,
                         lab->number, lab->name, folder);
    for (size_t i = 0; i < lab->files.count; i++) {
        const char *file = lab->files.at[i];

        if (!is_inside(file) || (!is_kind(root, file, S_IFREG) && strncmp(file, "labs/", 5) != 0))
            return text_fail(place->error, place->error_size, "%s: there is no file '%s'",
                             place->where, file);
    }
    for (size_t i = 0; i < lab->modules.count; i++) {
        char path[300];

        snprintf(path, sizeof(path), "src/%s", lab->modules.at[i]);
        if (!is_inside(path) || !is_kind(root, path, S_IFDIR))
            return text_fail(place->error, place->error_size, "%s: there is no folder '%s'",
                             place->where, path);
    }
    if (lab->kernel_tests &&
        (!is_inside(lab->kernel_tests) || !is_kind(root, lab->kernel_tests, S_IFDIR)))
        return text_fail(place->error, place->error_size, "%s: there is no folder '%s'",
                         place->where, lab->kernel_tests);
    return true;
}

/* The lab's folder below root, "labs/2-buddy"; NULL if there is none. */
static char *find_directory(const char *root, const char *wanted)
{
    char *path = text_path(root, "labs"), *found = NULL;
    DIR *directory = opendir(path);
    struct dirent *entry;

    free(path);
    while (directory && !found && (entry = readdir(directory))) {
        size_t digits = strspn(entry->d_name, "0123456789");
        bool same = strcmp(entry->d_name, wanted) == 0 ||
                    (entry->d_name[digits] == '-' && strlen(wanted) == digits &&
                     strncmp(entry->d_name, wanted, digits) == 0);

        if (digits && same && entry->d_name[digits] == '-')
            found = text_path("labs", entry->d_name);
    }
    if (directory)
        closedir(directory);
    return found;
}

struct lab *lab_load(const char *root, const char *name_or_number, char *error, size_t error_size)
{
    char *directory = find_directory(root, name_or_number);
    struct memory *memory;
    struct lab *lab;
    char *path, *where;
    bool good;

    if (!directory) {
        text_fail(error, error_size, "there is no lab '%s'; ./quire lab list shows them",
                  name_or_number);
        return NULL;
    }
    lab = text_alloc(sizeof(*lab));
    lab->memory = memory = text_alloc(sizeof(*memory));
    memory->directory = directory;
    lab->directory = directory;
    where = text_path(directory, "lab.toml");
    path = text_path(root, where);
    memory->manifest = config_read(path, error, error_size);
    struct config_place place = { .where = where, .error = error, .error_size = error_size };
    good = memory->manifest && read_keys(lab, memory->manifest, &place) &&
           check_tree(root, lab, &place);
    free(path);
    free(where);
    if (!good) {
        lab_free(lab);
        return NULL;
    }
    return lab;
}

void lab_free(struct lab *lab)
{
    struct memory *memory;

    if (!lab)
        return;
    memory = lab->memory;
    for (size_t i = 0; i < lab->function_count; i++)
        free(lab->functions[i].drop.at);
    free(lab->functions);
    free(lab->modules.at);
    free(lab->files.at);
    free(lab->host_tests.at);
    json_decref(memory->manifest);
    free(memory->directory);
    free(memory);
    free(lab);
}

const struct lab_function *lab_function_find(const struct lab *lab, const char *name)
{
    for (size_t i = 0; i < lab->function_count; i++)
        if (strcmp(lab->functions[i].name, name) == 0)
            return &lab->functions[i];
    return NULL;
}
