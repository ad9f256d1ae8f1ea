#include "source.h"

#include "blank.h"
#include "bodies.h"
#include "process.h"
#include "questions.h"
#include "sources.h"
#include "staff.h"
#include "text.h"
#include "unwritten.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One of the lab's files in this tree; a missing answers.toml is no mistake. */
static bool candidate_add(struct grading *g, const char *folder, const char *path, bool required)
{
    char *from = text_path(g->options->root, path), *content = NULL;
    size_t size = 0;
    bool good = !required && access(from, F_OK) != 0;

    if (!good) {
        content = text_read(from, &size, g->error, sizeof(g->error));
        good = content && sources_put(folder, path, content, size, g->error, sizeof(g->error));
    }
    free(content);
    free(from);
    return good;
}

/* A lab without code may lack answers, too: then an empty file stands for them. */
static bool candidate_fill(struct grading *g, const char *folder, const char *answers)
{
    static const char nothing[] = "# no answers\n";
    char *from = text_path(g->options->root, answers);
    bool there = access(from, F_OK) == 0;

    free(from);
    return there || g->lab->files.count > 0 ||
           sources_put(folder, answers, nothing, strlen(nothing), g->error, sizeof(g->error));
}

/* The lab's files of this tree, apart, so that they can be changed. */
static bool candidate_make(struct grading *g, const char *folder)
{
    const struct grade_options *o = g->options;
    const char *remove[] = { "rm", "-rf", folder, NULL };
    char answers[PATH_MAX];

    process_run(remove);
    if (!process_make_directory(folder)) {
        grading_error(g, "cannot make the folder %.300s: %m", folder);
        return false;
    }
    for (size_t i = 0; i < g->lab->files.count; i++) {
        if (!candidate_add(g, folder, g->lab->files.at[i], true))
            return false;
    }
    snprintf(answers, sizeof(answers), "%s/answers.toml", g->lab->directory);
    if (!candidate_add(g, folder, answers, false) || !candidate_fill(g, folder, answers))
        return false;
    for (unsigned i = 0; i < o->bodies_count; i++) {
        if (!bodies_apply(folder, g->lab, o->bodies[i], g->error, sizeof(g->error)))
            return false;
    }
    return !o->blank || lab_blank(folder, g->lab, strcmp(o->blank, "all") == 0 ? NULL : o->blank,
                                  g->error, sizeof(g->error));
}

/* "alice.zip" of "in/alice.zip". */
static void source_name(struct grading *g)
{
    const struct grade_options *o = g->options;
    const char *path = o->bodies_count ? o->bodies[0] : o->source;
    char *copy;

    if (!path) {
        snprintf(g->name, sizeof(g->name), "%s", o->blank ? o->blank : "this tree");
        return;
    }
    copy = text_copy(path, strlen(path));
    while (copy[0] && copy[strlen(copy) - 1] == '/' && copy[1])
        copy[strlen(copy) - 1] = '\0';
    snprintf(g->name, sizeof(g->name), "%.250s",
             strrchr(copy, '/') ? strrchr(copy, '/') + 1 : copy);
    free(copy);
}

enum grade_step source_collect(struct grading *g)
{
    const char *source = g->options->source;
    struct lab wanted;
    char folder[PATH_MAX];
    bool good;

    source_name(g);
    if (!source) {
        source = grading_path(g, "files", folder);
        if (!candidate_make(g, folder))
            return STEP_ERROR;
    }
    wanted = staff_lab(g->options->staff, g->lab);
    good = submission_collect(source, &wanted, NULL, &g->submission, g->error, sizeof(g->error));
    free(wanted.files.at);
    if (!good || !questions_read(g))
        return STEP_ERROR;
    g->unwritten = unwritten_find(g);
    return STEP_DONE;
}
