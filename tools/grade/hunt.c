#include "hunt.h"

#include "bodies.h"
#include "box.h"
#include "build.h"
#include "cache.h"
#include "process.h"
#include "sources.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One wrong kernel on its way through: what it is called, and where it is put together. */
struct hunt {
    const struct grading *g;
    const char *name;
    struct lab *lab; /* whose checks judge it */
    char *folder, *result, *work;
    char *text; /* the reason */
    size_t size;
};

unsigned hunt_changed_lines(const char *patch)
{
    unsigned count = 0;

    for (const char *line = patch; *line;) {
        size_t length = strcspn(line, "\n");
        bool head = strncmp(line, "+++ ", 4) == 0 || strncmp(line, "--- ", 4) == 0;

        count += !head && (*line == '+' || *line == '-');
        line += length + (line[length] == '\n');
    }
    return count;
}

/* The student's patch; the instructor's where the reference is graded. NULL: none. */
static char *patch_text(const struct hunt *h)
{
    const struct grading *g = h->g;
    char path[PATH_MAX], error[GRADE_ERROR];
    size_t length;

    if (g->answered) {
        snprintf(path, sizeof(path), "%.3000s/%s/solutions/%s.patch", g->options->root,
                 g->lab->directory, h->name);
        return text_read(path, &length, error, sizeof(error));
    }
    snprintf(path, sizeof(path), "%s/%s.patch", g->lab->directory, h->name);
    for (size_t i = 0; i < g->submission.count; i++)
        if (strcmp(g->submission.files[i].path, path) == 0)
            return text_copy(g->submission.files[i].content, g->submission.files[i].size);
    return NULL;
}

/* The files of the lab as the wrong kernel has them. */
static bool make_folder(const struct hunt *h)
{
    const char *remove[] = { "rm", "-rf", h->folder, h->work, NULL };
    char bodies[PATH_MAX];
    bool good = true;

    process_run(remove);
    for (size_t i = 0; good && i < h->lab->files.count; i++) {
        char *path = text_path(h->g->options->root, h->lab->files.at[i]);
        size_t length = 0;
        char *text = text_read(path, &length, h->text, h->size);

        good = text && sources_put(h->folder, h->lab->files.at[i], text, length, h->text, h->size);
        free(text);
        free(path);
    }
    snprintf(bodies, sizeof(bodies), "%.3000s/%s/bugs/%s.c", h->g->options->root,
             h->g->lab->directory, h->name);
    return good && bodies_apply(h->folder, h->lab, bodies, h->text, h->size);
}

static bool lab_has_file(const struct lab *lab, const char *path)
{
    for (size_t i = 0; i < lab->files.count; i++)
        if (strcmp(lab->files.at[i], path) == 0)
            return true;
    return false;
}

/* A file that the patch changes and the kernel's lab has not; false: none. */
static bool patch_strays(const struct hunt *h, const char *patch, char *out, size_t size)
{
    for (const char *line = patch; *line; line += strcspn(line, "\n"), line += *line != '\0') {
        if (strncmp(line, "+++ b/", 6) != 0)
            continue;
        snprintf(out, size, "%.*s", (int)strcspn(line + 6, "\t\r\n"), line + 6);
        if (!lab_has_file(h->lab, out))
            return true;
    }
    return false;
}

/* Why git did not take the patch. */
static void tell_misfit(const struct hunt *h, const char *patch, struct box_outcome *outcome)
{
    char path[200];

    if (patch_strays(h, patch, path, sizeof(path)))
        snprintf(h->text, h->size,
                 "the patch does not fit the kernel %s: it changes %s, and what is wrong there is "
                 "in a file of lab %u",
                 h->name, path, h->lab->number);
    else
        snprintf(h->text, h->size, "the patch does not fit the kernel %s: %.200s", h->name,
                 outcome->output ? build_last_line(outcome) : outcome->reason);
}

/* Let git put the patch in, in the box. */
static const char *apply_patch(const struct hunt *h, const char *patch)
{
    char ceiling[PATH_MAX];
    const char *words[] = { "env", ceiling, "git", "apply", "--", "the.patch", NULL };
    struct box_outcome outcome;
    bool good;

    snprintf(ceiling, sizeof(ceiling), "GIT_CEILING_DIRECTORIES=%.3800s", h->g->work);
    if (!sources_put(h->folder, "the.patch", patch, strlen(patch), h->text, h->size))
        return "error";
    good = build_in_box(h->g, h->folder, words, &outcome);
    if (!good && outcome.end == BOX_NOT_STARTED)
        snprintf(h->text, h->size, "%s", outcome.reason);
    else if (!good)
        tell_misfit(h, patch, &outcome);
    box_outcome_free(&outcome);
    return good ? NULL : outcome.end == BOX_NOT_STARTED ? "error" : "failed";
}

/* Let the other lab judge it, as any submission. */
static json_t *grade_folder(const struct hunt *h)
{
    char seed[32];
    const struct grade_options *o = h->g->options;
    const char *words[] = { "/proc/self/exe",
                            "grade",
                            "--root",
                            o->root,
                            "--lab",
                            h->lab->name,
                            "--machines-only",
                            "--json",
                            h->result,
                            "--work",
                            h->work,
                            "--seed",
                            seed,
                            h->folder,
                            NULL,
                            NULL };

    snprintf(seed, sizeof(seed), "%llu", (unsigned long long)h->g->seed);
    if (o->open) {
        words[13] = "--no-sandbox";
        words[14] = h->folder;
    }
    unlink(h->result);
    grade_progress("the kernel %s, mended", h->name);
    process_run(words);
    return json_load_file(h->result, 0, NULL);
}

/* The first check about the machine that did not pass; answers do not count here. */
static const char *judge_result(const struct hunt *h, const json_t *result)
{
    char error[GRADE_ERROR] = "no result";
    struct rubric *rubric = rubric_load(h->g->options->root, h->lab, error, sizeof(error));
    const char *problem = json_string_value(json_object_get(result, "error"));
    const char *status = rubric && result && !problem ? "passed" : "error";
    const json_t *item;
    size_t i;

    if (strcmp(status, "error") == 0)
        snprintf(h->text, h->size, "the kernel %s could not be graded: %s", h->name,
                 problem ? problem : error);
    json_array_foreach(json_object_get(result, "checks"), i, item)
    {
        const char *id = json_string_value(json_object_get(item, "id"));
        const struct rubric_check *check = rubric && id ? rubric_find(rubric, id) : NULL;
        const char *state = json_string_value(json_object_get(item, "status"));

        if (strcmp(status, "passed") != 0 || !check || check->kind != CHECK_PROPERTY ||
            strcmp(state, "passed") == 0)
            continue;
        status = strcmp(state, "error") == 0 ? "error" : "failed";
        snprintf(h->text, h->size, "with your patch lab %u still says '%s': %.300s", h->lab->number,
                 check->title, json_string_value(json_object_get(item, "message")));
    }
    if (rubric)
        rubric_free(rubric);
    return status;
}

static const char *judge_patch(const struct hunt *h, const char *patch)
{
    unsigned lines = hunt_changed_lines(patch);
    const char *status = NULL;
    json_t *result;

    if (lines == 0) {
        snprintf(h->text, h->size,
                 "there is no patch for the kernel %s yet: its file changes no line; on its "
                 "branch, git diff ':/The kernel %s' src shows what you committed, too",
                 h->name, h->name);
        return "failed";
    }
    if (lines > HUNT_LINES) {
        snprintf(h->text, h->size, "the patch changes %u lines; %d are enough", lines, HUNT_LINES);
        return "failed";
    }
    if (!make_folder(h))
        return "error";
    status = apply_patch(h, patch);
    if (status)
        return status;
    result = grade_folder(h);
    status = judge_result(h, result);
    json_decref(result);
    return status;
}

/* What a verdict depends on: the kernel, the patch, and all that judges. */
static void verdict_key(const struct hunt *h, const char *patch, char key[HASH_TEXT])
{
    const struct grading *g = h->g;
    char path[PATH_MAX], text[HASH_TEXT], seed[32];
    struct sha256_ctx hash;

    snprintf(path, sizeof(path), "%.3000s/%s/bugs/%s.c", g->options->root, g->lab->directory,
             h->name);
    snprintf(seed, sizeof(seed), "%llu", (unsigned long long)g->seed);
    sha256_init(&hash);
    cache_environment(g->options->root, h->lab->directory, text);
    hash_add(&hash, text);
    hash_add(&hash, hash_file(path, text) ? text : "none");
    hash_add(&hash, patch);
    hash_add(&hash, seed);
    hash_add(&hash, g->options->open ? "open" : "box");
    hash_text(&hash, key);
}

/* The verdict of the same patch, from before if there was one. */
static const char *judge_once(const struct hunt *h, const char *patch)
{
    char folder[PATH_MAX], key[HASH_TEXT];
    const char *status, *reason;
    json_t *verdict;
    int passed;

    snprintf(folder, sizeof(folder), "%.3800s/build/grade/hunt", h->g->options->root);
    verdict_key(h, patch, key);
    verdict = cache_get(folder, key);
    if (json_unpack(verdict, "{s:b, s:s}", "passed", &passed, "reason", &reason) == 0) {
        snprintf(h->text, h->size, "%s", reason);
        json_decref(verdict);
        return passed ? "passed" : "failed";
    }
    json_decref(verdict);
    status = judge_patch(h, patch);
    if (strcmp(status, "error") == 0)
        return status;
    verdict = json_pack("{s:b, s:s}", "passed", strcmp(status, "passed") == 0, "reason", h->text);
    cache_put(folder, key, verdict);
    json_decref(verdict);
    return status;
}

const char *hunt_judge(const struct grading *g, const struct rubric_check *check, char *text,
                       size_t size)
{
    struct hunt h = { .g = g, .name = check->question, .text = text, .size = size };
    const char *lab = json_string_value(json_object_get(check->table, "lab"));
    char name[PATH_MAX], path[PATH_MAX], *patch;
    const char *status = "error";

    h.lab = lab_load(g->options->root, lab ? lab : "", text, size);
    if (!h.lab)
        return status;
    snprintf(name, sizeof(name), "hunt/%.60s", h.name);
    h.folder = strdup(grading_path(g, name, path));
    snprintf(name, sizeof(name), "hunt/%.60s.json", h.name);
    h.result = strdup(grading_path(g, name, path));
    snprintf(name, sizeof(name), "hunt/%.60s.work", h.name);
    h.work = strdup(grading_path(g, name, path));
    patch = patch_text(&h);
    text[0] = '\0';
    status = judge_once(&h, patch ? patch : "");
    free(patch);
    free(h.folder);
    free(h.result);
    free(h.work);
    lab_free(h.lab);
    return status;
}
