/* What the files of the sandbox share. */
#pragma once

#include "box.h"

#include <sys/types.h>

/* Descriptors of bubblewrap's, placed there in the child. */
enum { BOX_STATUS_FD = 3, BOX_FILTER_FD = 4 };

/* A box between start and end. */
struct box_running {
    const struct box *box;
    struct box_limits limits; /* with defaults */
    struct box_outcome *out;
    pid_t pid;     /* bubblewrap's, or the bare command's */
    int exit_fd;   /* readable when that process has ended */
    int output_fd; /* what the command prints */
    int status_fd; /* what bubblewrap says about it */
    int status;    /* as wait() gives it */
    double begin;
    unsigned ticks;
    bool stopped; /* by a limit; out->end says which */
};

/* The limits with defaults filled in. */
struct box_limits box_limits_of(const struct box *box);

/* Does the command get a uid of its own, since root runs the box? */
bool box_drops_root(const struct box *box);

/*
 * The command line, bubblewrap's or the bare command's, and the environment; NULL
 * without memory. The caller frees the arrays, which hold the strings or point to constants.
 */
const char **box_args(const struct box *box, uid_t uid);
const char **box_environment(const struct box *box);

/* A descriptor with the filter on system calls, as bubblewrap reads it; -1 on failure. */
int box_filter(void);

/* Fill in how the box ended: end, status and reason. */
void box_classify(struct box_running *run);

/* Resident bytes of a process and all its descendants. */
uint64_t box_resident(pid_t root);

/* Bytes on the disk below a folder. Links are not followed. */
uint64_t box_disk_use(const char *path);

/* A uid that no other box has now, until the holder is closed; -1: all are taken, this one, too. */
uid_t box_uid_take(int *holder);

/* Give everything below path to uid, hard-linked files excepted. */
void box_give(const char *path, uid_t uid);
