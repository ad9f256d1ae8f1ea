/*
 * One grading: what was asked for, and what is known of it so far.
 *
 *     submission --+                            +--> host tests --+
 *                  +--> tree --> box: build ----+                 +--> result --> report
 *     base --------+                            +--> machines ----+
 *                                               (box: record; outside: judge)
 *
 *     grade.c     the command       base.c      the tree with nothing of a submission
 *     rubric.c    what is asked     build.c     the submission's kernel
 *     machine.c   recording         judge.c     verdicts from a trace
 *     result.c    the JSON          report.c    what people read
 */
#pragma once

#include "hash.h"
#include "rubric.h"
#include "submission.h"

#include <limits.h>

enum { GRADE_ERROR = 400, GRADE_BODIES_MAX = 16, GRADE_MACHINES_MAX = 256 };

struct grade_options {
    const char *root;   /* the instructor's tree, which holds labs/ */
    const char *lab;    /* number or name; NULL: the only one there is */
    const char *source; /* what is graded; NULL: the tree itself */
    const char *work;   /* folder for trees and traces; NULL: build/grade/lab-N */
    const char *json;   /* the result goes here; NULL: nowhere */
    const char *staff;  /* modules with commas between, taken from the tree; NULL: none */
    const char *bodies[GRADE_BODIES_MAX];
    unsigned bodies_count;
    const char *blank;    /* a function to blank, "all" for all of them */
    const char *check;    /* only this one; NULL: all */
    const char *compiler; /* "gcc" or "clang" */
    const char *flags;    /* more flags for the kernel's compiler */
    uint64_t seed;
    bool has_seed;
    bool reference;     /* the tree's own solution: its predictions count as right */
    bool open;          /* no sandbox */
    bool all;           /* go on after failed host tests */
    bool machines_only; /* no host tests */
    unsigned jobs;
};

/* How a step ended. */
enum grade_step {
    STEP_DONE,
    STEP_FAILED, /* the submission's fault: it loses its points */
    STEP_ERROR,  /* not its fault, or not known to be: it cannot be graded */
};

/* A machine to be recorded: a run of the rubric with one jitter. */
struct machine {
    const struct rubric_run *run;
    unsigned jitter;
    uint64_t key, seed;
    char name[80];          /* "fork" or "fork-2" */
    char trace[PATH_MAX];   /* on this host */
    char program[PATH_MAX]; /* the ELF file that runs; empty: none */
    unsigned round;         /* rounds.h */
    bool moot;              /* left out: it could not earn a point any more */
    json_t *outcome;        /* judge.h; NULL: not yet, or moot */
};

struct grading {
    const struct grade_options *options;
    struct lab *lab;
    struct rubric *rubric;
    struct submission submission;
    char name[256];      /* of the submission */
    char work[PATH_MAX]; /* absolute */
    char base[PATH_MAX];
    char tree[PATH_MAX];   /* the base with the submission's files */
    char kernel[PATH_MAX]; /* where the built kernel is kept */
    char base_hash[HASH_TEXT], kernel_hash[HASH_TEXT];
    uint64_t seed;       /* of the grading; guests do not see it */
    uint64_t guest_seed; /* made of it */
    bool is_student;     /* grades the own tree: host tests come first, and stop it */
    bool answered;       /* predictions count as right */
    json_t *answers;     /* the submission's answers.toml; NULL: none */
    json_t *unwritten;   /* unwritten.h */
    json_t *build;       /* {"status", "output"} */
    json_t *host_tests;  /* an array of {"name", "status", "output"} */
    json_t *checks;      /* an array, see result.c */
    struct machine machines[GRADE_MACHINES_MAX];
    size_t machine_count;
    bool not_run;            /* the machines were not started, for a reason that was told */
    char error[GRADE_ERROR]; /* why it cannot be graded; empty: it can */
    char box_version[64];
    /* Why answers do not count; empty: nothing is wrong with them. */
    char answers_why[GRADE_ERROR];
};

/* Load the lab, choose folders and seed, lock. False with a line in error. */
bool grading_begin(struct grading *grading);

/* From the submission's files to its kernel. */
enum grade_step grading_build(struct grading *grading);

/* Keep the reason; returns STEP_ERROR. */
enum grade_step grading_error(struct grading *grading, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Is the check among those that were asked for, or needed by one of them? */
bool grading_wants(const struct grading *grading, const struct rubric_check *check);

/*
 * The work folder, unless --work names another one. Results say where a trace is as if it
 * were here: so they are the same wherever the grading took place.
 */
#define GRADING_WORK "build/grade/lab-%u"

/* A path below the work folder. */
const char *grading_path(const struct grading *grading, const char *name, char out[PATH_MAX]);

/* A line that the next one replaces, on a terminal only; NULL: take it away. */
void grade_progress(const char *format, ...) __attribute__((format(printf, 1, 2)));
void grade_progress_clear(void);
