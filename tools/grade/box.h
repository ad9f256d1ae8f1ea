/*
 * The sandbox: a command that may do harm, run in bubblewrap with limits.
 *
 * Inside there are: /usr and what the dynamic linker needs (read-only), the
 * folders that the caller names, a /tmp of bounded size, /proc and a small
 * /dev. There is no network, no home, no other process, no way to get rights
 * back (no capabilities, no new namespaces, a filter on system calls). Run by
 * root, the command has an unprivileged uid of its own.
 *
 * A writable folder is the command's for the time of the run. Run by root, its
 * files change owner (hard-linked ones do not, so that the other name's content
 * stays safe) and come back afterwards.
 *
 * Where to start reading: box_run in box.c; box_args.c lists what is inside.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct box_bind {
    const char *from; /* on the host; NULL ends a list */
    const char *to;   /* in the box; NULL: the same path */
};

/* Limits that are 0 do not apply, except those with a default. */
struct box_limits {
    unsigned wall_seconds;  /* of the whole box; 0: 60 */
    unsigned cpu_seconds;   /* of each process */
    unsigned processes;     /* and threads; 0: 128 */
    uint64_t memory_bytes;  /* resident, of the whole box; 0: 2 GiB */
    uint64_t address_bytes; /* address space of each process (sanitizers need much) */
    uint64_t file_bytes;    /* the largest file; 0: 256 MiB */
    uint64_t disk_bytes;    /* all of the writable folders; 0: 1 GiB */
    uint64_t tmp_bytes;     /* /tmp; 0: 256 MiB */
    size_t output_bytes;    /* standard output and error together; 0: 1 MiB */
};

struct box {
    const char *const *command;     /* NULL-terminated; looked up in /usr/bin */
    const struct box_bind *reads;   /* may be NULL */
    const struct box_bind *writes;  /* may be NULL */
    const char *const *environment; /* "NAME=VALUE" besides PATH, HOME, LC_ALL; may be NULL */
    const char *directory;          /* where it starts, as seen inside; NULL: /tmp */
    struct box_limits limits;
    bool open; /* no sandbox: limits only, the host's own paths (--no-sandbox) */
};

enum box_end {
    BOX_EXITED,      /* status is its exit status */
    BOX_SIGNALLED,   /* status is the signal */
    BOX_TIME,        /* wall or processor time was up */
    BOX_MEMORY,      /* the box as a whole needed more memory than allowed */
    BOX_DISK,        /* the writable folders grew above the limit */
    BOX_OUTPUT,      /* it printed more than allowed */
    BOX_NOT_STARTED, /* this machine's fault, not the command's: see reason */
};

struct box_outcome {
    enum box_end end;
    int status;
    double seconds;
    char *output;       /* what it printed, NUL-terminated; box_outcome_free */
    size_t output_size; /* without that NUL; the output may hold others */
    char reason[320];   /* one line that says how it ended, in words */
};

/*
 * Run the command to its end, whatever it does: nothing of it is left afterwards.
 * True if it ended by exit status 0. May be called by several threads at once.
 */
bool box_run(const struct box *box, struct box_outcome *out);

void box_outcome_free(struct box_outcome *out);

/* Does the sandbox work on this machine? If not, error says why and what to do. */
bool box_available(char *error, size_t error_size);

/* "bubblewrap 0.8.0", for results; "none" if there is none. */
void box_version(char *out, size_t size);
