/*
 * A submission in a git repository without a work tree, or in a bundle. git itself
 * turns the last commit into an archive, inside the sandbox: the repository's
 * configuration may name programs, and git has run such before.
 */
#include "box.h"
#include "submission_parts.h"

#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static const char *const script_repository =
    "git --git-dir=/submission archive --format=tar -o /out/tree.tar HEAD";
static const char *const script_bundle =
    "git clone -q --bare --template= /submission /tmp/repository && "
    "git --git-dir=/tmp/repository archive --format=tar -o /out/tree.tar HEAD";

static bool git_archive(struct gather *gather, const char *source, bool bundle, const char *out)
{
    const char *const command[] = { "sh", "-c", bundle ? script_bundle : script_repository, NULL };
    static const char *const environment[] = {
        "GIT_CONFIG_NOSYSTEM=1",        "GIT_CONFIG_GLOBAL=/dev/null",
        "GIT_CONFIG_COUNT=3",           "GIT_CONFIG_KEY_0=safe.directory",
        "GIT_CONFIG_VALUE_0=*",         "GIT_CONFIG_KEY_1=core.hooksPath",
        "GIT_CONFIG_VALUE_1=/dev/null", "GIT_CONFIG_KEY_2=core.fsmonitor",
        "GIT_CONFIG_VALUE_2=false",     "GIT_TERMINAL_PROMPT=0",
        "GIT_NO_REPLACE_OBJECTS=1",     NULL,
    };
    const struct box_bind reads[] = { { source, "/submission" }, { NULL, NULL } };
    const struct box_bind writes[] = { { out, "/out" }, { NULL, NULL } };
    const struct box box = { .command = command,
                             .environment = environment,
                             .reads = reads,
                             .writes = writes,
                             .limits = { .wall_seconds = 60 } };
    struct box_outcome outcome;
    char shown[PATH_SHOWN];
    const bool good = box_run(&box, &outcome);

    if (outcome.end == BOX_NOT_STARTED)
        gather_fail(gather, "the git repository cannot be read safely: %s", outcome.reason);
    else if (!good)
        gather_fail(gather, "git cannot read its last commit (%s)",
                    path_show(outcome.output && outcome.output[0] ? outcome.output : outcome.reason,
                              shown));
    box_outcome_free(&outcome);
    return good;
}

/* What the sandbox left may be anything; a link of that name would be followed. */
static bool is_file(const char *path)
{
    struct stat info;

    return lstat(path, &info) == 0 && S_ISREG(info.st_mode);
}

static void remove_folder(const char *path)
{
    char *roots[] = { (char *)path, NULL };
    FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);

    for (FTSENT *entry = tree ? fts_read(tree) : NULL; entry; entry = fts_read(tree)) {
        if (entry->fts_info != FTS_D)
            remove(entry->fts_accpath);
    }
    if (tree)
        fts_close(tree);
}

bool gather_git(struct gather *gather, const char *source, bool bundle)
{
    char out[] = "/tmp/quire-git-XXXXXX", tar[sizeof(out) + 16];
    char *real = realpath(source, NULL);
    bool good = false;

    if (!real || !mkdtemp(out)) {
        free(real);
        return gather_fail(gather, "the git repository cannot be read");
    }
    snprintf(tar, sizeof(tar), "%s/tree.tar", out);
    if (git_archive(gather, real, bundle, out))
        good = is_file(tar) ? gather_archive(gather, tar)
                            : gather_fail(gather, "git made no archive of its last commit");
    remove_folder(out);
    free(real);
    return good;
}
