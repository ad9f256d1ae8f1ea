/* What a box takes of memory and disk, and who its files belong to. */
#include "box_parts.h"

#include <dirent.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WATCHED_MAX = 4096 };

static uint64_t process_resident(pid_t pid)
{
    char path[64];
    unsigned long long total = 0, resident = 0;

    snprintf(path, sizeof(path), "/proc/%d/statm", (int)pid);
    FILE *file = fopen(path, "re");

    if (!file)
        return 0;
    if (fscanf(file, "%llu %llu", &total, &resident) != 2)
        resident = 0;
    fclose(file);
    return resident * (uint64_t)sysconf(_SC_PAGESIZE);
}

/* Append the children of one thread to the list. */
static void thread_children(pid_t pid, const char *thread, pid_t *list, size_t *count)
{
    char path[320];
    int child;

    snprintf(path, sizeof(path), "/proc/%d/task/%s/children", (int)pid, thread);
    FILE *file = fopen(path, "re");

    if (!file)
        return;
    while (*count < WATCHED_MAX && fscanf(file, "%d", &child) == 1)
        list[(*count)++] = child;
    fclose(file);
}

static void process_children(pid_t pid, pid_t *list, size_t *count)
{
    char path[64];

    snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
    DIR *threads = opendir(path);

    if (!threads)
        return;
    for (struct dirent *entry = readdir(threads); entry; entry = readdir(threads)) {
        if (entry->d_name[0] != '.')
            thread_children(pid, entry->d_name, list, count);
    }
    closedir(threads);
}

/*
 * The box has a process namespace, whose first process adopts orphans: a walk
 * down from bubblewrap finds everybody.
 */
uint64_t box_resident(pid_t root)
{
    pid_t *list = malloc(WATCHED_MAX * sizeof(*list));
    size_t count = 1;
    uint64_t sum = 0;

    if (!list)
        return 0;
    list[0] = root;
    for (size_t i = 0; i < count; i++) {
        sum += process_resident(list[i]);
        process_children(list[i], list, &count);
    }
    free(list);
    return sum;
}

/* Visit everything below path, never through a link. */
static void walk(const char *path, void (*visit)(const FTSENT *, void *), void *data)
{
    char *roots[] = { (char *)path, NULL };
    FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);

    if (!tree)
        return;
    for (FTSENT *entry = fts_read(tree); entry; entry = fts_read(tree)) {
        if (entry->fts_info != FTS_DP && entry->fts_info != FTS_NS)
            visit(entry, data);
    }
    fts_close(tree);
}

static void add_blocks(const FTSENT *entry, void *sum)
{
    *(uint64_t *)sum += (uint64_t)entry->fts_statp->st_blocks * 512;
}

uint64_t box_disk_use(const char *path)
{
    uint64_t sum = 0;

    walk(path, add_blocks, &sum);
    return sum;
}

static void give_one(const FTSENT *entry, void *data)
{
    const struct stat *info = entry->fts_statp;
    const uid_t uid = *(const uid_t *)data;

    if (!S_ISDIR(info->st_mode) && info->st_nlink > 1)
        return;
    if (info->st_uid != uid && lchown(entry->fts_accpath, uid, uid) != 0)
        return; /* The command then cannot write it, and says so. */
}

void box_give(const char *path, uid_t uid)
{
    walk(path, give_one, &uid);
}
