#include "host_tests.h"

#include "base.h"
#include "box.h"
#include "build.h"
#include "words_safe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    TEST_WALL_SECONDS = 120,
    TEST_CPU_SECONDS = 20,
    TEST_WORDS_MAX = 16,
    TEST_OUTPUT_BYTES = 1 << 20,
    TEST_TEXT_MAX = 4000,
};

static void test_add(struct grading *g, const char *name, const char *status, const char *output)
{
    char *text = words_safe(output, TEST_TEXT_MAX);

    json_array_append_new(g->host_tests, json_pack("{s:s, s:s, s:s}", "name", name, "status",
                                                   status, "output", text));
    free(text);
}

/* Where the build put it: a test of the tree's, or of the lab's own. */
static bool test_find(const struct grading *g, const char *name, char out[PATH_MAX])
{
    static const char *const folders[] = { "host", "lab" };

    for (size_t i = 0; i < 2; i++) {
        char path[PATH_MAX];

        snprintf(path, sizeof(path), "%.3500s/build/host/%s/%.200s", g->tree, folders[i], name);
        snprintf(out, PATH_MAX, "%.3500s/build/host/%s/%.200s",
                 g->options->open ? g->tree : BASE_TREE, folders[i], name);
        if (access(path, X_OK) == 0)
            return true;
    }
    return false;
}

/* What it said, or how it ended where that says more. */
static const char *test_words(const struct box_outcome *outcome)
{
    return outcome->end == BOX_EXITED && outcome->output_size ? outcome->output : outcome->reason;
}

static enum grade_step test_run(struct grading *g, const char *line, bool *hung)
{
    char copy[512], program[PATH_MAX], *rest = copy;
    const char *words[TEST_WORDS_MAX + 1] = { program };
    const struct box_bind reads[] = { { g->tree, BASE_TREE }, { 0 } };
    struct box box = {
        .command = words,
        .reads = reads,
        .limits = { .wall_seconds = TEST_WALL_SECONDS,
                    .cpu_seconds = TEST_CPU_SECONDS,
                    .output_bytes = TEST_OUTPUT_BYTES },
        .open = g->options->open,
    };
    struct box_outcome outcome;
    enum grade_step step = STEP_DONE;

    snprintf(copy, sizeof(copy), "%s", line);
    strsep(&rest, " ");
    for (size_t i = 1; i < TEST_WORDS_MAX && rest; i++)
        words[i] = strsep(&rest, " ");
    if (!test_find(g, copy, program)) {
        test_add(g, line, "failed", "this test does not build with the submission's files");
        return STEP_FAILED;
    }
    if (!box_run(&box, &outcome)) {
        step =
            outcome.end == BOX_NOT_STARTED ? grading_error(g, "%s", outcome.reason) : STEP_FAILED;
        *hung = outcome.end == BOX_TIME;
        test_add(g, line, "failed", test_words(&outcome));
    } else {
        test_add(g, line, "passed", "");
    }
    box_outcome_free(&outcome);
    return step;
}

/* False if a test does not build; what the compiler says of it is kept as its output. */
static enum grade_step tests_build(struct grading *g)
{
    const char *words[4 + BUILD_TESTS_MAX + 1] = { "ninja", "-C", "build/host" };
    size_t count = 3 + build_test_targets(g, words + 3);
    struct box_outcome outcome;
    enum grade_step step = STEP_DONE;
    char *messages;

    words[count] = NULL;
    if (!build_in_box(g, g->tree, words, &outcome)) {
        if (outcome.end == BOX_EXITED && build_command_failed(outcome.output))
            step = STEP_FAILED;
        else
            step = grading_error(g, "the host tests' build did not come to an end: %.200s",
                                 build_last_line(&outcome));
        messages = build_messages(outcome.output ? outcome.output : "");
        test_add(g, "build of the host tests", "failed", messages);
        free(messages);
    }
    box_outcome_free(&outcome);
    return step;
}

enum grade_step host_tests_run(struct grading *g)
{
    enum grade_step step;
    bool hung = false;

    if (g->lab->host_tests.count == 0)
        return STEP_DONE;
    grade_progress("building the host tests");
    step = tests_build(g);
    if (step != STEP_DONE)
        return step;
    /* After one that hangs the others would, too. */
    for (size_t i = 0; step != STEP_ERROR && !hung && i < g->lab->host_tests.count; i++) {
        enum grade_step one;

        grade_progress("host test %s", g->lab->host_tests.at[i]);
        one = test_run(g, g->lab->host_tests.at[i], &hung);
        if (one == STEP_ERROR)
            return one;
        if (one == STEP_FAILED)
            step = STEP_FAILED;
    }
    return step;
}
