/* See cache.h. A verdict is a file named by its key. */
#include "cache.h"

#include "process.h"

#include <fts.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int by_name(const FTSENT **a, const FTSENT **b)
{
    return strcmp((*a)->fts_name, (*b)->fts_name);
}

static void hash_tree(struct sha256_ctx *hash, const char *root, const char *folder)
{
    char path[PATH_MAX], text[HASH_TEXT];
    char *roots[] = { path, NULL };

    snprintf(path, sizeof(path), "%.3800s/%.200s", root, folder);
    FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, by_name);

    for (FTSENT *entry = tree ? fts_read(tree) : NULL; entry; entry = fts_read(tree)) {
        if (entry->fts_info != FTS_F || !hash_file(entry->fts_accpath, text))
            continue;
        hash_add(hash, entry->fts_path + strlen(root));
        hash_add(hash, text);
    }
    if (tree)
        fts_close(tree);
}

static void hash_program(struct sha256_ctx *hash, const char *path)
{
    char text[HASH_TEXT];

    hash_add(hash, path);
    hash_add(hash, hash_file(path, text) ? text : "none");
}

void cache_environment(const char *root, const char *lab_directory, char out[HASH_TEXT])
{
    static const char *const folders[] = { "src",          "user",        "toolchain",
                                           "tests/sim",    "tests/host",  "iso",
                                           "labs/include", "tools/grade", "tools/trace" };
    static const char *const programs[] = { "/usr/bin/bochs-bin", "/usr/bin/gcc", "/usr/bin/ld",
                                            "/proc/self/exe", QUIRE_TRACE_TOOL };
    struct sha256_ctx hash;

    sha256_init(&hash);
    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
        hash_tree(&hash, root, folders[i]);
    hash_tree(&hash, root, lab_directory);
    for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++)
        hash_program(&hash, programs[i]);
    hash_text(&hash, out);
}

static void cache_path(const char *directory, const char *key, char out[PATH_MAX])
{
    snprintf(out, PATH_MAX, "%.3900s/%.80s.json", directory, key);
}

json_t *cache_get(const char *directory, const char *key)
{
    char path[PATH_MAX];

    cache_path(directory, key, path);
    return json_load_file(path, 0, NULL);
}

bool cache_write_file(const char *path, const json_t *value)
{
    const size_t flags = JSON_INDENT(2) | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(15);
    char part[PATH_MAX + 32];

    snprintf(part, sizeof(part), "%.4000s.%d.part", path, (int)getpid());
    if (json_dump_file(value, part, flags) == 0 && rename(part, path) == 0)
        return true;
    unlink(part);
    return false;
}

void cache_put(const char *directory, const char *key, const json_t *verdict)
{
    char path[PATH_MAX];

    cache_path(directory, key, path);
    if (process_make_directory(directory))
        cache_write_file(path, verdict);
}
