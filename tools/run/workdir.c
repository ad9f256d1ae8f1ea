#include "workdir.h"

#include "report.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char directory[WORKDIR_PATH_MAX - 256];

static int workdir_remove_entry(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st;
    (void)type;
    (void)at;
    remove(path);
    return 0;
}

static void workdir_remove(void)
{
    nftw(directory, workdir_remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

/* $TMPDIR, unless Bochs' settings or the loader's lists would end its path too early. */
static const char *workdir_parent(void)
{
    const char *parent = getenv("TMPDIR");

    return parent && *parent && !strpbrk(parent, " \t\n:;,\"#$\\") ? parent : "/tmp";
}

void workdir_create(void)
{
    const char *parent = workdir_parent();
    int len = snprintf(directory, sizeof(directory), "%s/quire-XXXXXX", parent);

    if (len >= (int)sizeof(directory))
        report_fail("the path in TMPDIR is too long");
    if (!mkdtemp(directory))
        report_fail("cannot make a directory in %s: %m; set TMPDIR to one that can be written",
                    parent);
    atexit(workdir_remove);
    setenv("TMPDIR", directory, 1);
}

const char *workdir_path(char *out, const char *name)
{
    snprintf(out, WORKDIR_PATH_MAX, "%s/%s", directory, name);
    return out;
}
