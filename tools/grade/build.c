#include "build.h"

#include "base.h"
#include "box.h"
#include "process.h"
#include "sources.h"
#include "staff.h"
#include "text.h"
#include "words_safe.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum {
    BUILD_WALL_SECONDS = 300,
    BUILD_CPU_SECONDS = 60,
    BUILD_OUTPUT_BYTES = 4 << 20,
    KEY_TEXT = 3 * HASH_TEXT + 2,
};

/*
 * Without a sandbox there is no /quire: a link stands for it, whose path is the same
 * for all trees of this root. It points to one tree at a time.
 */
static int open_link(const struct grading *g, const char *tree, char path[PATH_MAX])
{
    char lock_path[PATH_MAX];
    int lock;

    snprintf(path, PATH_MAX, "%.3900s/build/grade/open", g->options->root);
    snprintf(lock_path, sizeof(lock_path), "%.4000s.lock", path);
    lock = open(lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (lock >= 0)
        flock(lock, LOCK_EX);
    unlink(path);
    return symlink(tree, path) == 0 ? lock : -1;
}

bool build_in_box(const struct grading *g, const char *tree, const char *const *words,
                  struct box_outcome *outcome)
{
    char link[PATH_MAX] = BASE_TREE, pwd[PATH_MAX + 8];
    int lock = g->options->open ? open_link(g, tree, link) : -1;
    const char *const environment[] = { pwd, NULL }; /* CMake keeps the link's path by it */
    const struct box_bind writes[] = { { tree, BASE_TREE }, { 0 } };
    const struct box box = {
        .command = words,
        .writes = writes,
        .environment = environment,
        .directory = link,
        .limits = { .wall_seconds = BUILD_WALL_SECONDS,
                    .cpu_seconds = BUILD_CPU_SECONDS,
                    .output_bytes = BUILD_OUTPUT_BYTES },
        .open = g->options->open,
    };
    bool good;

    snprintf(pwd, sizeof(pwd), "PWD=%s", link);
    good = box_run(&box, outcome);
    if (lock >= 0)
        close(lock);
    return good;
}

size_t build_test_targets(const struct grading *g, const char *out[BUILD_TESTS_MAX])
{
    size_t count = 0;

    for (size_t i = 0; i < g->lab->host_tests.count && count < BUILD_TESTS_MAX; i++) {
        const char *words = g->lab->host_tests.at[i];

        out[count] = text_copy(words, strcspn(words, " "));
        count++;
    }
    return count;
}

const char *build_last_line(struct box_outcome *outcome)
{
    char *text = outcome->output ? outcome->output : outcome->reason, *line;
    size_t length = strlen(text);

    while (length > 0 && strchr(" \r\n", text[length - 1]))
        text[--length] = '\0';
    line = strrchr(text, '\n');
    return length ? (line ? line + 1 : text) : outcome->reason;
}

/* Ninja's own lines, and the command line that it shows after a failure. */
static bool line_is_noise(const char *line, size_t length, bool *command_follows)
{
    bool noise = *command_follows;

    *command_follows = length > 8 && strncmp(line, "FAILED: ", 8) == 0;
    if (noise || *command_follows || (length > 7 && strncmp(line, "ninja: ", 7) == 0))
        return true;
    return length > 3 && line[0] == '[' && line[1] >= '0' && line[1] <= '9' &&
           memchr(line, ']', length);
}

/* Names as in the tree: without where it is in the box, or without a sandbox. */
static void put_without_root(FILE *out, const char *line, size_t length)
{
    static const char root[] = BASE_TREE "/", link[] = "/build/grade/open/";

    for (size_t i = 0; i < length; i++) {
        const char *at = memmem(line + i, length - i, link, sizeof(link) - 1);

        if (line[i] == '/' && at && !memchr(line + i, ' ', (size_t)(at - line) - i))
            i = (size_t)(at - line) + sizeof(link) - 2;
        else if (length - i >= sizeof(root) - 1 && strncmp(line + i, root, sizeof(root) - 1) == 0)
            i += sizeof(root) - 2;
        else
            fputc(line[i], out);
    }
    fputc('\n', out);
}

char *build_messages(const char *output)
{
    char *text = NULL, *safe;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    bool command_follows = false;

    if (!out)
        abort();
    while (*output && ftell(out) < BUILD_TEXT_MAX) {
        size_t length = strcspn(output, "\n");

        if (!line_is_noise(output, length, &command_follows))
            put_without_root(out, output, length < 400 ? length : 400);
        output += length + (output[length] == '\n');
    }
    if (*output)
        fputs("...\n", out);
    fclose(out);
    safe = words_safe(text, size);
    free(text);
    return safe;
}

bool build_command_failed(const char *output)
{
    return output && (strncmp(output, "FAILED: ", 8) == 0 || strstr(output, "\nFAILED: "));
}

/* One of the lab's files: the submission's, or the tree's own for modules of the staff. */
static bool overlay_file(struct grading *g, const char *path)
{
    if (staff_has(g->options->staff, path)) {
        char *from = text_path(g->options->root, path), *content;
        size_t size = 0;
        bool good;

        content = text_read(from, &size, g->error, sizeof(g->error));
        good = content && sources_put(g->tree, path, content, size, g->error, sizeof(g->error));
        free(content);
        free(from);
        return good;
    }
    for (size_t i = 0; i < g->submission.count; i++) {
        const struct submission_file *file = &g->submission.files[i];

        if (strcmp(file->path, path) == 0)
            return sources_put(g->tree, path, file->content, file->size, g->error,
                               sizeof(g->error));
    }
    return text_fail(g->error, sizeof(g->error), "the submission lacks %s", path);
}

static enum grade_step tree_prepare(struct grading *g)
{
    char from[PATH_MAX];
    const char *remove[] = { "rm", "-rf", g->tree, NULL };
    const char *copy[] = { "cp", "-a", from, g->tree, NULL };

    snprintf(from, sizeof(from), "%.4000s/tree", g->base);
    process_run(remove);
    if (!process_make_directory(g->work) || !process_run(copy))
        return grading_error(g, "cannot copy %s to %s", from, g->tree);
    for (size_t i = 0; i < g->lab->files.count; i++) {
        if (!overlay_file(g, g->lab->files.at[i]))
            return STEP_ERROR;
    }
    return STEP_DONE;
}

/* Keep the kernel where it is found again; nothing else is needed of the build. */
static enum grade_step kernel_keep(struct grading *g)
{
    char built[PATH_MAX];

    snprintf(built, sizeof(built), "%.4000s/build/%s/quire.elf", g->tree, base_preset(g));
    if (rename(built, g->kernel) != 0 || !hash_file(g->kernel, g->kernel_hash))
        return grading_error(g, "cannot keep the kernel as %s: %m", g->kernel);
    return STEP_DONE;
}

/* What the kernel in the work folder was made of, and its own hash. */
static void kernel_key(const struct grading *g, const char *kernel_hash, char out[KEY_TEXT])
{
    snprintf(out, KEY_TEXT, "%s %s %s\n", g->base_hash, g->submission.sha256, kernel_hash);
}

/*
 * The same files on the same base give the same kernel: gradings of machines alone, as with one
 * seed after another, build it once. (Host tests need the tree, too.)
 */
static bool kernel_is_there(struct grading *g)
{
    char path[PATH_MAX], want[KEY_TEXT], *key;
    size_t size;
    bool same;

    if (!g->options->machines_only || g->options->staff || !hash_file(g->kernel, g->kernel_hash))
        return false;
    kernel_key(g, g->kernel_hash, want);
    key = text_read(grading_path(g, "kernel.key", path), &size, g->error, sizeof(g->error));
    same = key && strcmp(key, want) == 0;
    g->error[0] = '\0';
    free(key);
    return same;
}

/* Only of a build without a message, since that would be missing the next time. */
static void kernel_remember(const struct grading *g, const char *messages)
{
    char path[PATH_MAX], key[KEY_TEXT], error[GRADE_ERROR];

    kernel_key(g, g->kernel_hash, key);
    if (!*messages)
        text_write(grading_path(g, "kernel.key", path), key, strlen(key), error, sizeof(error));
}

/*
 * A compiler that eats up its box does so for what it compiles. Time is another matter: a
 * busy host takes it, too.
 */
static bool build_ate_its_box(const struct box_outcome *outcome)
{
    return outcome->end == BOX_MEMORY || outcome->end == BOX_DISK || outcome->end == BOX_OUTPUT;
}

enum grade_step build_kernel(struct grading *g)
{
    char folder[64];
    const char *words[] = { "ninja", "-C", folder, "quire.elf", NULL };
    struct box_outcome outcome;
    enum grade_step step;
    char *messages;

    if (kernel_is_there(g)) {
        g->build = json_pack("{s:s, s:s}", "status", "ok", "output", "");
        return STEP_DONE;
    }
    step = tree_prepare(g);
    if (step != STEP_DONE)
        return step;
    grade_progress("building the kernel");
    snprintf(folder, sizeof(folder), "build/%s", base_preset(g));
    build_in_box(g, g->tree, words, &outcome);
    messages = build_messages(build_ate_its_box(&outcome) ? outcome.reason
                              : outcome.output            ? outcome.output
                                                          : "");
    if (outcome.end == BOX_EXITED && outcome.status == 0)
        step = kernel_keep(g);
    else if (build_ate_its_box(&outcome) ||
             (outcome.end == BOX_EXITED && build_command_failed(outcome.output)))
        step = STEP_FAILED;
    else
        step = grading_error(g, "the build did not come to an end: %.200s", outcome.reason);
    if (step == STEP_DONE)
        kernel_remember(g, messages);
    g->build =
        json_pack("{s:s, s:s}", "status", step == STEP_DONE ? "ok" : "failed", "output", messages);
    free(messages);
    box_outcome_free(&outcome);
    return step;
}
