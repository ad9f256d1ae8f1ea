#include "base.h"

#include "box.h"
#include "build.h"
#include "process.h"
#include "sources.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

/* Counts in the key: a change in how bases are made makes new ones. */
static const char recipe[] = "base 1";

const char *base_preset(const struct grading *g)
{
    return strcmp(g->options->compiler, "clang") == 0 ? "clang" : "default";
}

/* What a kernel and the host tests are built from, and nothing else of the tree. */
static size_t base_parts(const struct grading *g, const char *parts[SOURCES_PARTS_MAX], char *host,
                         size_t host_size)
{
    size_t count = 0;

    parts[count++] = "CMakeLists.txt";
    parts[count++] = "CMakePresets.json";
    parts[count++] = "src";
    parts[count++] = "tests/host";
    parts[count++] = "tests/sim";
    parts[count++] = "toolchain";
    parts[count++] = "tools/grade/host_tests";
    parts[count++] = "labs/include";
    snprintf(host, host_size, "%s/host", g->lab->directory);
    parts[count++] = host;
    if (g->lab->kernel_tests)
        parts[count++] = g->lab->kernel_tests;
    return count;
}

static void base_hash_versions(struct sha256_ctx *hash, const struct grading *g)
{
    const char *compiler[] = { g->options->compiler, "--version", NULL };
    const char *cmake[] = { "cmake", "--version", NULL };
    char text[512];

    process_read(compiler, text, sizeof(text));
    hash_add(hash, text);
    process_read(cmake, text, sizeof(text));
    hash_add(hash, text);
}

/* One without host tests where none will run, unless there is one with them. */
static bool base_name(struct grading *g)
{
    char full[PATH_MAX];
    int length =
        snprintf(full, sizeof(full), "%s/build/grade/base-%.16s", g->options->root, g->base_hash);
    bool part = g->options->machines_only && access(full, F_OK) != 0;

    return length < (int)sizeof(full) && snprintf(g->base, sizeof(g->base), "%s%s", full,
                                                  part ? "-machines" : "") < (int)sizeof(g->base);
}

/* The name of the base: what it is made of and what it is made for. */
static bool base_find_key(struct grading *g, struct sources *files)
{
    struct sha256_ctx hash;
    char key[HASH_TEXT];

    sha256_init(&hash);
    hash_add(&hash, recipe);
    hash_add(&hash, g->lab->name);
    hash_add(&hash, g->lab->kernel_tests ? g->lab->kernel_tests : "");
    for (size_t i = 0; i < g->lab->host_tests.count; i++)
        hash_add(&hash, g->lab->host_tests.at[i]);
    hash_add(&hash, g->options->flags);
    hash_add(&hash, g->options->open ? "open" : "box");
    base_hash_versions(&hash, g);
    if (!sources_hash(files, &hash, g->error, sizeof(g->error)))
        return false;
    hash_text(&hash, key);
    memcpy(g->base_hash, key, sizeof(key));
    return base_name(g);
}

static const char base_script[] =
    "cmake --preset \"$1\" -DQUIRE_KERNEL_TESTS=\"$2\" -DQUIRE_FLAGS=\"$3\" -Wno-dev &&\n"
    "ninja -C \"build/$1\" kernel_objects kernel_ld || exit 1\n"
    "[ -n \"$5\" ] || exit 0\n"
    "cmake -S tools/grade/host_tests -B build/host -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo\\\n"
    "    -DQUIRE_LAB=\"$4\" -Wno-dev || exit 1\n"
    "shift 4\n"
    "ninja -C build/host -k 0 \"$@\" || true\n"; /* nothing can be linked yet */

/* Configure, and compile what is not the submission's. */
static bool base_build(struct grading *g, const char *tree)
{
    struct box_outcome outcome;
    const char *words[8 + BUILD_TESTS_MAX] = { "/bin/sh", "-c", base_script, "base" };
    size_t count = 4;
    bool good;

    words[count++] = base_preset(g);
    words[count++] = g->lab->kernel_tests ? g->lab->kernel_tests : "";
    words[count++] = g->options->flags;
    words[count++] = g->lab->directory;
    if (!g->options->machines_only)
        count += build_test_targets(g, words + count);
    words[count] = NULL;
    good = build_in_box(g, tree, words, &outcome);
    if (!good)
        grading_error(g, "the tree itself does not build: %.200s", build_last_line(&outcome));
    box_outcome_free(&outcome);
    return good;
}

static bool base_make(struct grading *g, struct sources *files)
{
    char fresh[PATH_MAX], tree[PATH_MAX];
    const char *remove[] = { "rm", "-rf", fresh, NULL };

    snprintf(fresh, sizeof(fresh), "%.4000s.new", g->base);
    snprintf(tree, sizeof(tree), "%.4000s/tree", fresh);
    process_run(remove);
    grade_progress("building what is the same for all submissions of lab %u", g->lab->number);
    if (!process_make_directory(tree))
        return text_fail(g->error, sizeof(g->error), "cannot make the folder %s: %m", tree);
    if (!sources_copy(files, tree, g->error, sizeof(g->error)) || !base_build(g, tree))
        return false;
    if (rename(fresh, g->base) != 0)
        return text_fail(g->error, sizeof(g->error), "cannot make %s: %m", g->base);
    return true;
}

/* Two gradings at once make a base once. */
static int base_lock(const struct grading *g)
{
    char path[PATH_MAX];
    int lock;

    snprintf(path, sizeof(path), "%.4000s.lock", g->base);
    lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (lock >= 0)
        flock(lock, LOCK_EX);
    return lock;
}

enum grade_step base_prepare(struct grading *g)
{
    const char *parts[SOURCES_PARTS_MAX];
    char folder[PATH_MAX], host[256];
    struct sources *files;
    size_t count;
    int lock;

    snprintf(folder, sizeof(folder), "%.4000s/build/grade", g->options->root);
    if (!process_make_directory(folder))
        return grading_error(g, "cannot make the folder %s: %m", folder);
    count = base_parts(g, parts, host, sizeof(host));
    files = sources_find(g->options->root, parts, count, &g->lab->files);
    if (base_find_key(g, files) && access(g->base, F_OK) != 0) {
        lock = base_lock(g);
        if (access(g->base, F_OK) != 0)
            base_make(g, files);
        if (lock >= 0)
            close(lock);
    }
    sources_free(files);
    return g->error[0] ? STEP_ERROR : STEP_DONE;
}
