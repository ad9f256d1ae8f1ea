/* What a box holds: bubblewrap's command line. */
#include "box_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { ARGUMENTS_FIXED = 112, NUMBERS_SIZE = 256 };

#define MIB (1024ull * 1024)

struct arguments {
    const char **items;
    size_t count;
    char *scratch; /* numbers and folders as text */
    size_t left;
};

static void add(struct arguments *args, const char *item)
{
    args->items[args->count++] = item;
}

static void add_all(struct arguments *args, const char *const *items)
{
    while (*items)
        add(args, *items++);
}

static void add_number(struct arguments *args, const char *format, unsigned long long value)
{
    const int size = snprintf(args->scratch, args->left, format, value) + 1;

    add(args, args->scratch);
    args->scratch += size;
    args->left -= (size_t)size;
}

static const char *inside(const struct box_bind *bind)
{
    return bind->to ? bind->to : bind->from;
}

/* Arguments that these binds need at most, and bytes for their texts. */
static void binds_measure(const struct box_bind *binds, size_t *count, size_t *bytes)
{
    for (; binds && binds->from; binds++) {
        const char *path = inside(binds);
        size_t depth = 0;

        for (const char *at = path; *at; at++)
            depth += *at == '/';
        *count += 3 + 2 * depth;
        *bytes += depth * (strlen(path) + 1);
    }
}

static size_t command_length(const char *const *command)
{
    size_t count = 0;

    while (command[count])
        count++;
    return count;
}

/* The folders above a path, open to all: those that bubblewrap makes unasked are its user's. */
static void add_parents(struct arguments *args, const char *path)
{
    for (const char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        const size_t length = (size_t)(slash - path);

        memcpy(args->scratch, path, length);
        args->scratch[length] = '\0';
        add(args, "--dir");
        add(args, args->scratch);
        args->scratch += length + 1;
        args->left -= length + 1;
    }
}

static void add_binds(struct arguments *args, const char *option, const struct box_bind *binds)
{
    for (; binds && binds->from; binds++) {
        add_parents(args, inside(binds));
        add(args, option);
        add(args, binds->from);
        add(args, inside(binds));
    }
}

/* /bin, /lib and so on are links into /usr, or folders on systems that kept them. */
static void add_system(struct arguments *args)
{
    static const char *const folders[][2] = {
        { "usr/bin", "/bin" },
        { "usr/sbin", "/sbin" },
        { "usr/lib", "/lib" },
        { "usr/lib64", "/lib64" },
    };

    add_all(args, (const char *const[]){ "--ro-bind", "/usr", "/usr", NULL });
    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
        struct stat info;
        const char *host = folders[i][1];

        if (lstat(host, &info) != 0)
            continue;
        add(args, S_ISLNK(info.st_mode) ? "--symlink" : "--ro-bind");
        add(args, S_ISLNK(info.st_mode) ? folders[i][0] : host);
        add(args, host);
    }
    add_all(args, (const char *const[]){ "--dir", "/etc", "--ro-bind-try", "/etc/alternatives",
                                         "/etc/alternatives", "--ro-bind-try", "/etc/ld.so.cache",
                                         "/etc/ld.so.cache", NULL });
}

/* The next --tmpfs: of that size, for every uid. */
static void add_sized(struct arguments *args, uint64_t bytes)
{
    add_all(args, (const char *const[]){ "--perms", "1777", "--size", NULL });
    add_number(args, "%llu", bytes);
}

/* Every file system that the box can write to has a size; the rest is read-only. */
static void add_folders(struct arguments *args, const struct box *box)
{
    const struct box_limits limits = box_limits_of(box);

    add_system(args);
    add_all(args, (const char *const[]){ "--proc", "/proc", "--dev", "/dev", NULL });
    add_sized(args, limits.tmp_bytes);
    add_all(args, (const char *const[]){ "--tmpfs", "/dev/shm", "--remount-ro", "/dev", NULL });
    add_sized(args, limits.tmp_bytes);
    add_all(args, (const char *const[]){ "--tmpfs", "/tmp", NULL });
    add_binds(args, "--ro-bind", box->reads);
    add_binds(args, "--bind", box->writes);
    add_all(args, (const char *const[]){ "--remount-ro", "/", NULL });
}

/*
 * Root's box keeps the host's user namespace, because then the host's folders can
 * be bound whoever may enter them; the command gets a uid of its own instead.
 * Others get a user namespace, in which processes are counted for the box alone.
 */
static void add_rights(struct arguments *args, const struct box *box, uid_t uid)
{
    add(args, "--json-status-fd");
    add_number(args, "%llu", BOX_STATUS_FD);
    add(args, "--seccomp");
    add_number(args, "%llu", BOX_FILTER_FD);
    add_all(args, (const char *const[]){ "--cap-drop", "ALL", NULL });
    if (box_drops_root(box)) {
        add_all(args, (const char *const[]){ "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID",
                                             "--cap-add", "CAP_SETPCAP", "--", "/usr/bin/setpriv",
                                             "--clear-groups", "--inh-caps=-all",
                                             "--bounding-set=-all", NULL });
        add_number(args, "--reuid=%llu", uid);
        add_number(args, "--regid=%llu", uid);
    } else {
        add_all(args, (const char *const[]){ "--unshare-user", "--", "/usr/bin/prlimit", NULL });
        add_number(args, "--nproc=%llu", box_limits_of(box).processes);
    }
    /* Only now: a private folder is closed to everybody but the command's uid. */
    add_all(args, (const char *const[]){ "--", "/usr/bin/env", "-C", NULL });
    add(args, box->directory ? box->directory : "/tmp");
}

const char **box_args(const struct box *box, uid_t uid)
{
    size_t length = ARGUMENTS_FIXED + command_length(box->command);
    size_t bytes = NUMBERS_SIZE;

    binds_measure(box->reads, &length, &bytes);
    binds_measure(box->writes, &length, &bytes);
    const char **items = calloc(1, length * sizeof(char *) + bytes);

    if (!items)
        return NULL;
    struct arguments args = { .items = items, .scratch = (char *)(items + length), .left = bytes };

    if (!box->open) {
        add_all(&args,
                (const char *const[]){ "bwrap", "--unshare-ipc", "--unshare-pid", "--unshare-net",
                                       "--unshare-uts", "--unshare-cgroup-try", "--hostname", "box",
                                       "--die-with-parent", "--new-session", NULL });
        add_folders(&args, box);
        add_rights(&args, box, uid);
    }
    add_all(&args, box->command);
    return items;
}

static uint64_t or_default(uint64_t value, uint64_t fallback)
{
    return value ? value : fallback;
}

struct box_limits box_limits_of(const struct box *box)
{
    struct box_limits limits = box->limits;

    limits.wall_seconds = (unsigned)or_default(limits.wall_seconds, 60);
    limits.processes = (unsigned)or_default(limits.processes, 128);
    limits.memory_bytes = or_default(limits.memory_bytes, 2048 * MIB);
    limits.file_bytes = or_default(limits.file_bytes, 256 * MIB);
    limits.disk_bytes = or_default(limits.disk_bytes, 1024 * MIB);
    limits.tmp_bytes = or_default(limits.tmp_bytes, 256 * MIB);
    limits.output_bytes = or_default(limits.output_bytes, MIB);
    return limits;
}

const char **box_environment(const struct box *box)
{
    static const char *const fixed[] = { "PATH=/usr/bin:/bin", "HOME=/tmp", "LC_ALL=C.UTF-8",
                                         NULL };
    const size_t count = box->environment ? command_length(box->environment) : 0;
    struct arguments args = { .items = calloc(count + 4, sizeof(char *)) };

    if (!args.items)
        return NULL;
    add_all(&args, fixed);
    if (box->environment)
        add_all(&args, box->environment);
    return args.items;
}
