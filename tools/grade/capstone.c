#include "capstone.h"

#include "box.h"
#include "process.h"
#include "sources.h"
#include "text.h"
#include "words_safe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PASSED = 10, FAILED = 11, JUDGE_SECONDS = 120, FILE_BYTES = 64 << 20 };

/* Where a property finds its headers. */
static const char include_properties[] = "-I" QUIRE_ROOT "/tools/grade/properties";
static const char include_grade[] = "-I" QUIRE_ROOT "/tools/grade";
static const char include_trace[] = "-I" QUIRE_ROOT "/tools/trace";
static const char include_config[] = "-I" QUIRE_ROOT "/tools/config";
static const char judge_command[] = QUIRE_BUILD "/tools/grade/capstone/capstone-judge";

/* The student's file; the instructor's own where the reference is graded. NULL: none. */
static char *property_text(const struct grading *g)
{
    char path[PATH_MAX], error[GRADE_ERROR];
    size_t length;

    if (g->answered) {
        snprintf(path, sizeof(path), "%.3000s/%s/solutions/property.c", g->options->root,
                 g->lab->directory);
        return text_read(path, &length, error, sizeof(error));
    }
    snprintf(path, sizeof(path), "%s/property.c", g->lab->directory);
    for (size_t i = 0; i < g->submission.count; i++)
        if (strcmp(g->submission.files[i].path, path) == 0)
            return text_copy(g->submission.files[i].content, g->submission.files[i].size);
    return NULL;
}

static bool in_box(const struct grading *g, const char *folder, const char *const *words,
                   const struct corpus_machine *m, struct box_outcome *outcome)
{
    const struct box_bind writes[] = { { folder, NULL }, { 0 } };
    const struct box_bind reads[] = { { QUIRE_ROOT "/tools", NULL },
                                      { QUIRE_BUILD "/tools/grade", NULL },
                                      { m ? m->trace : NULL, "/tmp/machine.trace" },
                                      { m ? m->kernel : NULL, "/tmp/quire.elf" },
                                      { m && m->program[0] ? m->program : NULL, "/tmp/program" },
                                      { 0 } };
    const struct box box = { .command = words,
                             .reads = reads,
                             .writes = writes,
                             .directory = folder,
                             .open = g->options->open,
                             .limits = { .wall_seconds = JUDGE_SECONDS,
                                         .cpu_seconds = JUDGE_SECONDS,
                                         .file_bytes = FILE_BYTES } };

    return box_run(&box, outcome);
}

/* The first error of the compiler, or the last line. */
static void first_error(const struct box_outcome *outcome, char *text, size_t size)
{
    char *safe = words_safe(outcome->output ? outcome->output : "", 4000);
    char *line = strstr(safe, "error:");

    snprintf(text, size, "property.c does not compile: %.*s", line ? (int)strcspn(line, "\n") : 200,
             line ? line : outcome->reason);
    free(safe);
}

/* Compile the property, once for all checks; NULL if it is there. */
static const char *compile(const struct grading *g, const char *folder, char *text, size_t size)
{
    const char *words[] = { "gcc",
                            "-shared",
                            "-fPIC",
                            "-std=gnu2x",
                            "-D_GNU_SOURCE",
                            "-O1",
                            "-Werror=implicit-function-declaration",
                            include_properties,
                            include_grade,
                            include_trace,
                            include_config,
                            "-o",
                            "property.so",
                            "property.c",
                            NULL };
    static bool done;
    struct box_outcome outcome;
    char *source = property_text(g);
    bool good;

    if (done || !source) {
        free(source);
        snprintf(text, size, "there is no property.c");
        return done ? NULL : "failed";
    }
    if (!process_make_directory(folder) ||
        !sources_put(folder, "property.c", source, strlen(source), text, size)) {
        free(source);
        return "error";
    }
    free(source);
    done = good = in_box(g, folder, words, NULL, &outcome);
    if (!good)
        first_error(&outcome, text, size);
    good = good || outcome.end != BOX_NOT_STARTED;
    box_outcome_free(&outcome);
    return done ? NULL : good ? "failed" : "error";
}

/* What the property says of a machine: PASSED, FAILED, or another status; its words in text. */
static int judge_one(const struct grading *g, const char *folder, const struct corpus_machine *m,
                     char *text, size_t size)
{
    const bool open = g->options->open;
    const char *words[] = { judge_command,
                            "./property.so",
                            open ? m->trace : "/tmp/machine.trace",
                            open ? m->kernel : "/tmp/quire.elf",
                            !m->program[0] ? NULL
                            : open         ? m->program
                                           : "/tmp/program",
                            NULL };
    struct box_outcome outcome;
    char *safe;
    int status;

    in_box(g, folder, words, m, &outcome);
    safe = words_safe(outcome.output ? outcome.output : "", 500);
    safe[strcspn(safe, "\n")] = '\0';
    snprintf(text, size, "%.300s", outcome.end == BOX_EXITED && *safe ? safe : outcome.reason);
    status = outcome.end == BOX_EXITED ? outcome.status : -1;
    free(safe);
    box_outcome_free(&outcome);
    return status;
}

static const char *count_up(const struct grading *g, const struct rubric_check *check,
                            const char *folder, char *text, size_t size)
{
    const json_t *list = json_object_get(check->table, "bodies"), *item;
    bool right = strcmp(check->question, "right") == 0;
    json_int_t wanted = json_integer_value(json_object_get(check->table, "at_least"));
    json_int_t caught = 0;
    char unjudged[400] = "";
    size_t i;

    json_array_foreach(list, i, item)
    {
        const char *bodies = json_string_value(item) ? json_string_value(item) : "";
        struct corpus_machine machine;
        char words[400];
        int status;

        if (!corpus_get(g, check, bodies, &machine, text, size))
            return "error";
        status = judge_one(g, folder, &machine, words, sizeof(words));
        caught += status == FAILED;
        if (status != FAILED && status != PASSED)
            snprintf(unjudged, sizeof(unjudged), "; it came to no verdict: %.300s", words);
        if (right && status != PASSED) {
            snprintf(text, size, "it condemns a kernel that is right (%s): %.300s",
                     *bodies ? bodies : "the reference", words);
            return "failed";
        }
    }
    if (!wanted)
        wanted = (json_int_t)json_array_size(list);
    if (right || caught >= wanted)
        return "passed";
    snprintf(text, size, "it catches %lld of these %zu wrong kernels; %lld are wanted%s",
             (long long)caught, json_array_size(list), (long long)wanted, unjudged);
    return "failed";
}

const char *capstone_judge(const struct grading *g, const struct rubric_check *check, char *text,
                           size_t size)
{
    char folder[PATH_MAX];
    const char *status;

    grading_path(g, "capstone", folder);
    status = compile(g, folder, text, size);
    if (!status) {
        text[0] = '\0';
        status = count_up(g, check, folder, text, size);
    }
    return status;
}
