/*
 * The plan of a class: which submissions, and all that their verdicts depend on. The
 * key of a verdict is the hash of that and of the files taken from the submission.
 */
#include "class.h"

#include "box.h"
#include "cache.h"
#include "machine.h"
#include "manifest.h"
#include "process.h"
#include "rubric.h"
#include "staff.h"
#include "submission.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const endings[] = { ".zip",     ".tar",     ".tgz",    ".tar.gz", ".tar.xz",
                                       ".tar.zst", ".tar.bz2", ".bundle", ".git" };

static bool fail(char *error, size_t size, const char *what, const char *text)
{
    snprintf(error, size, "%s %.200s", what, text);
    return false;
}

static size_t stem_length(const char *name)
{
    const size_t length = strlen(name);

    for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
        const size_t end = strlen(endings[i]);

        if (length > end && strcasecmp(name + length - end, endings[i]) == 0)
            return length - end;
    }
    return length;
}

/* A name of its own in the output: without the archive's ending, if nobody else has that. */
static char *entry_name(const char *file, struct dirent **files, int count)
{
    const size_t length = stem_length(file);

    for (int i = 0; i < count; i++) {
        if (strcmp(files[i]->d_name, file) != 0 && stem_length(files[i]->d_name) == length &&
            strncmp(files[i]->d_name, file, length) == 0)
            return strdup(file);
    }
    return strndup(file, length);
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* The files that the lab takes, and their hash; or why there are none. */
static void entry_look(struct class_entry *entry, const struct lab *lab)
{
    static struct submission submission;
    char error[CLASS_ERROR] = "";

    if (submission_collect(entry->source, lab, NULL, &submission, error, sizeof(error)))
        memcpy(entry->sha256, submission.sha256, sizeof(entry->sha256));
    else
        entry->error = strdup(error);
    submission_free(&submission);
}

/* A folder with the lab's files at their places is a submission, and no class of them. */
static bool is_class(const char *directory, const struct lab *lab, char *error, size_t error_size)
{
    char path[PATH_MAX];

    if (lab->files.count == 0)
        return true;
    snprintf(path, sizeof(path), "%.3800s/%.200s", directory, lab->files.at[0]);
    if (access(path, F_OK) != 0)
        return true;
    snprintf(error, error_size, "%.200s is one submission: ./quire grade --lab %u %.200s",
             directory, lab->number, directory);
    return false;
}

static bool plan_list(struct class_plan *plan, const char *directory, const struct lab *lab)
{
    struct dirent **files;
    const int count = scandir(directory, &files, is_visible, alphasort);

    if (count < 0)
        return false;
    plan->entries = calloc((size_t)count + 1, sizeof(*plan->entries));
    for (int i = 0; i < count; i++) {
        struct class_entry *entry = &plan->entries[plan->count++];

        entry->name = entry_name(files[i]->d_name, files, count);
        if (asprintf(&entry->source, "%s/%s", directory, files[i]->d_name) < 0)
            abort();
        entry_look(entry, lab);
    }
    for (int i = 0; i < count; i++)
        free(files[i]);
    free(files);
    return true;
}

static bool plan_write_manifest(const struct class_plan *plan)
{
    char path[PATH_MAX + 32];

    snprintf(path, sizeof(path), "%s/manifest.jsonl", plan->out);
    FILE *file = fopen(path, "we");

    for (size_t i = 0; file && i < plan->count; i++) {
        const struct class_entry *entry = &plan->entries[i];
        json_t *line = json_pack("{s:s, s:s, s:s, s:s?}", "name", entry->name, "source",
                                 entry->source, "sha256", entry->sha256, "error", entry->error);

        if (line)
            json_dumpf(line, file, JSON_COMPACT);
        fputc('\n', file);
        json_decref(line);
    }
    return file && fclose(file) == 0;
}

/* The seed of this run: the one asked for, the one that an earlier run chose, or a new one. */
static uint64_t plan_seed(const struct class_options *o, const char *plan_path)
{
    json_t *earlier = json_load_file(plan_path, 0, NULL);
    const json_t *seed = json_object_get(earlier, "seed");
    uint64_t value = o->seed;

    if (!o->has_seed && seed)
        value = (uint64_t)json_integer_value(seed);
    else if (!o->has_seed)
        value = machine_draw_seed();
    json_decref(earlier);
    return value;
}

static json_t *plan_options(const struct class_options *o, const struct lab *lab, uint64_t seed)
{
    char root[PATH_MAX], cache[PATH_MAX], environment[HASH_TEXT];

    if (!realpath(o->root, root))
        return NULL;
    cache_environment(root, lab->directory, environment);
    snprintf(cache, sizeof(cache), "%.3900s/build/grade/verdicts", root);
    if (o->cache && process_make_directory(o->cache) && !realpath(o->cache, cache))
        return NULL;
    return json_pack("{s:s, s:s, s:s, s:s, s:i, s:I, s:s, s:s, s:b, s:b, s:i, s:s, s:s}", "schema",
                     "quire-plan/1", "root", root, "lab", lab->name, "title", lab->title, "number",
                     (int)lab->number, "seed", (json_int_t)seed, "staff", o->staff ? o->staff : "",
                     "only", o->only ? o->only : "", "open", o->open, "keep", o->keep, "wall",
                     (int)o->wall_seconds, "cache", cache, "environment", environment);
}

static bool plan_open_out(const struct class_options *o, const char *directory,
                          struct class_plan *plan)
{
    char out[PATH_MAX];

    if (o->out)
        snprintf(out, sizeof(out), "%.3900s", o->out);
    else
        snprintf(out, sizeof(out), "%.3900s-graded", directory);
    return process_make_directory(out) && realpath(out, plan->out);
}

/* A check that nobody has would cost every submission its verdict. */
static bool only_is_known(const struct class_options *o, const struct lab *lab, char *error,
                          size_t error_size)
{
    if (!o->only)
        return true;
    struct rubric *rubric = rubric_load(o->root, lab, error, error_size);

    if (!rubric)
        return false;
    const bool known = rubric_find(rubric, o->only);

    rubric_free(rubric);
    return known || fail(error, error_size, "the lab has no check", o->only);
}

bool class_plan_make(const struct class_options *o, struct class_plan *plan, char *error,
                     size_t error_size)
{
    char directory[PATH_MAX], path[PATH_MAX + 32];

    *plan = (struct class_plan){ 0 };
    if (!realpath(o->directory, directory))
        return fail(error, error_size, "there is no folder", o->directory);
    struct lab *lab = lab_load(o->root, o->lab, error, error_size);

    if (!lab)
        return false;
    bool good = only_is_known(o, lab, error, error_size) &&
                is_class(o->directory, lab, error, error_size) &&
                (plan_open_out(o, directory, plan) ||
                 fail(error, error_size, "cannot write", o->out ? o->out : directory));

    if (good) {
        snprintf(path, sizeof(path), "%s/plan.json", plan->out);
        struct lab wanted = staff_lab(o->staff, lab);

        plan->options = plan_options(o, lab, plan_seed(o, path));
        good = plan->options && plan_list(plan, directory, &wanted) && plan_write_manifest(plan) &&
               json_dump_file(plan->options, path, JSON_INDENT(2)) == 0;
        free(wanted.files.at);
        good = good || fail(error, error_size, "cannot make the plan", strerror(errno));
    }
    lab_free(lab);
    if (good && plan->count == 0)
        return fail(error, error_size, "no submission is in", directory);
    return good;
}

static bool entry_read(struct class_entry *entry, const char *line)
{
    json_t *value = json_loads(line, 0, NULL);
    const char *problem = json_string_value(json_object_get(value, "error"));
    const char *name = json_string_value(json_object_get(value, "name"));
    const char *source = json_string_value(json_object_get(value, "source"));
    const char *sha256 = json_string_value(json_object_get(value, "sha256"));
    const bool good = name && source && sha256;

    if (good) {
        entry->name = strdup(name);
        entry->source = strdup(source);
        snprintf(entry->sha256, sizeof(entry->sha256), "%s", sha256);
        entry->error = problem ? strdup(problem) : NULL;
    }
    json_decref(value);
    return good;
}

bool class_plan_read(const char *path, struct class_plan *plan, char *error, size_t error_size)
{
    char *line = NULL, manifest[PATH_MAX + 32];
    size_t size = 0;
    bool good = true;

    *plan = (struct class_plan){ .options = json_load_file(path, 0, NULL) };
    if (!plan->options || !realpath(path, plan->out))
        return fail(error, error_size, "no plan of a class:", path);
    *strrchr(plan->out, '/') = '\0';
    snprintf(manifest, sizeof(manifest), "%s/manifest.jsonl", plan->out);
    FILE *file = fopen(manifest, "re");

    while (good && file && getline(&line, &size, file) > 0) {
        struct class_entry *grown = realloc(plan->entries, (plan->count + 1) * sizeof(*grown));

        if (!grown)
            abort();
        plan->entries = grown;
        grown[plan->count] = (struct class_entry){ 0 };
        good = entry_read(&grown[plan->count], line);
        plan->count += good;
    }
    free(line);
    if (file)
        fclose(file);
    return (good && file) || fail(error, error_size, "a broken manifest:", manifest);
}

void class_plan_free(struct class_plan *plan)
{
    for (size_t i = 0; i < plan->count; i++) {
        free(plan->entries[i].name);
        free(plan->entries[i].source);
        free(plan->entries[i].error);
    }
    free(plan->entries);
    json_decref(plan->options);
}

const char *class_option(const struct class_plan *plan, const char *key)
{
    const char *text = json_string_value(json_object_get(plan->options, key));

    return text ? text : "";
}
