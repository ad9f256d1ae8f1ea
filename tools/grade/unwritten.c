#include "unwritten.h"

#include "blank.h"
#include "sources.h"
#include "split.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The lab's files with the stubs that students get. */
static bool handout_make(const struct grading *g, const struct lab *lab, const char *folder)
{
    char error[GRADE_ERROR];
    bool good = true;

    for (size_t i = 0; i < lab->files.count && good; i++) {
        char *from = text_path(g->options->root, lab->files.at[i]);
        size_t size = 0;
        char *content = text_read(from, &size, error, sizeof(error));

        good =
            content && sources_put(folder, lab->files.at[i], content, size, error, sizeof(error));
        free(content);
        free(from);
    }
    return good && lab_blank(folder, lab, NULL, error, sizeof(error));
}

/* A student's tree has lost the helpers that would be dropped. */
static bool handout_make_again(const struct grading *g, const char *folder)
{
    struct lab lab = *g->lab;
    bool good;

    lab.functions = text_alloc(lab.function_count * sizeof(*lab.functions));
    for (size_t i = 0; i < lab.function_count; i++) {
        lab.functions[i] = g->lab->functions[i];
        lab.functions[i].drop.count = 0;
    }
    good = handout_make(g, &lab, folder);
    free(lab.functions);
    return good;
}

/* Is this text in that file of the submission, from the function's head to its end? */
static bool submission_has(const struct grading *g, const char *path, const char *text,
                           size_t length)
{
    for (size_t i = 0; i < g->submission.count; i++) {
        const struct submission_file *file = &g->submission.files[i];

        if (strcmp(file->path, path) == 0)
            return memmem(file->content, file->size, text, length) != NULL;
    }
    return false; /* the staff's */
}

static bool function_is_unwritten(const struct grading *g, const char *folder,
                                  const struct lab_function *function)
{
    char *path = text_path(folder, function->file), error[GRADE_ERROR];
    struct split *handout = split_file(path, error, sizeof(error));
    const struct split_item *item = handout ? split_function(handout, function->name) : NULL;
    bool found = item && submission_has(g, function->file, handout->text + item->code,
                                        item->body_end - item->code);

    if (handout)
        split_free(handout);
    free(path);
    return found;
}

json_t *unwritten_find(const struct grading *g)
{
    json_t *names = json_array();
    char folder[PATH_MAX];

    grading_path(g, "handout", folder);
    if (g->lab->function_count == 0 ||
        (!handout_make(g, g->lab, folder) && !handout_make_again(g, folder)))
        return names;
    for (size_t i = 0; i < g->lab->function_count; i++) {
        if (function_is_unwritten(g, folder, &g->lab->functions[i]))
            json_array_append_new(names, json_string(g->lab->functions[i].name));
    }
    return names;
}

char *unwritten_names(const json_t *unwritten)
{
    char *text;
    size_t size, i;
    const json_t *name;
    FILE *out = open_memstream(&text, &size);

    if (!out)
        abort();
    json_array_foreach(unwritten, i, name)
        fprintf(out, "%s%s", i > 0 ? ", " : "", json_string_value(name));
    fclose(out);
    return text;
}
