/*
 * What a rubric names must be in the tree. Only the instructor's is asked: a student's has
 * lost some functions.
 */
#include "rubric.h"
#include "sources.h"
#include "text.h"

#include <ctype.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool program_is_there(const char *root, const struct lab *lab, const char *program)
{
    bool test = strncmp(program, "tests/", 6) == 0;
    char *pattern;
    glob_t found = { 0 };
    bool there;

    if ((test ? asprintf(&pattern, "%s/user/%s.*", root, program)
              : asprintf(&pattern, "%s/%s/programs/%s.c", root, lab->directory, program)) < 0)
        abort();
    there = glob(pattern, 0, NULL, &found) == 0;
    globfree(&found);
    free(pattern);
    return there;
}

/* All sources of the lab's kernel, one after the other. */
static char *kernel_text(const char *root, const struct lab *lab)
{
    const char *parts[2] = { "src", lab->kernel_tests };
    struct sources *files = sources_find(root, parts, lab->kernel_tests ? 2 : 1, &lab->files);
    char *all = NULL, *text, error[300];
    size_t size, length;
    FILE *out = open_memstream(&all, &size);

    if (!out)
        abort();
    for (size_t i = 0; i < files->count; i++) {
        char *path = text_path(root, files->files[i].path);

        text = text_read(path, &length, error, sizeof(error));
        fprintf(out, "%s\n", text ? text : "");
        free(text);
        free(path);
    }
    fclose(out);
    sources_free(files);
    return all;
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* A name with * or @ in it is a pattern, or one with a result. */
static bool kernel_has(const char *kernel, const char *call)
{
    size_t length = strcspn(call, "@");
    const char *at = kernel;
    char *name;

    if (strchr(call, '*') || strcmp(call, "all") == 0 || strcmp(call, "none") == 0)
        return true;
    if (length == 0)
        return false;
    name = text_copy(call, length);
    while ((at = strstr(at, name)) && ((at > kernel && is_word(at[-1])) || is_word(at[length])))
        at += length;
    free(name);
    return at != NULL;
}

static bool check_run(const struct rubric_run *run, const char *root, const struct lab *lab,
                      const char *kernel, char *error, size_t error_size)
{
    if (*run->program && !program_is_there(root, lab, run->program))
        return text_fail(error, error_size, "%s, run \"%s\": there is no program \"%s\"",
                         lab->directory, run->id, run->program);
    for (size_t i = 0; i < run->calls.count; i++) {
        if (!kernel_has(kernel, run->calls.at[i]))
            return text_fail(error, error_size,
                             "%s, run \"%s\": calls has \"%s\", which is no function of the kernel",
                             lab->directory, run->id, run->calls.at[i]);
    }
    return true;
}

bool rubric_check_names(const struct rubric *rubric, const char *root, const struct lab *lab,
                        char *error, size_t error_size)
{
    char *kernel = kernel_text(root, lab);
    bool good = true;

    for (size_t i = 0; i < rubric->run_count && good; i++)
        good = check_run(&rubric->runs[i], root, lab, kernel, error, error_size);
    free(kernel);
    return good;
}
