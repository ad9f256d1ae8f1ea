/*
 * What two runs are compared by.
 *
 * A run is parted into lanes, one for each address space, so that the order in
 * which they took turns does not count. A lane is the list of steps: events
 * that would be the same wherever frames lie and whenever a timer ticks.
 *
 *     diff_lanes.c  which events are steps     diff_words.c  a step in words
 *     diff_equal.c  when two steps are equal   diff.c        the command
 */
#pragma once

#include "cli.h"

/* Why events were left out; each is counted. */
enum ignored {
    IGNORED_INTERRUPTS,  /* of devices, and what the kernel did in them */
    IGNORED_SWITCHES,    /* loads of CR3 for another space, waiting, the MSRs of a switch */
    IGNORED_KERNEL_MAPS, /* the kernel's half, once programs run or if the kernels differ */
    IGNORED_COPIES,      /* flushes that go with copies of shared pages */
    IGNORED_MARKS,       /* accessed and dirty bits set by the CPU */
    IGNORED_TABLES,      /* which pages serve as tables; tables of spaces that are not loaded */
    IGNORED_CALLS,       /* calls of functions that are not system calls */
    IGNORED_PORTS,       /* port output that is not the program's */
    IGNORED_KINDS
};

struct lane {
    const char *name;
    uint64_t *step; /* event numbers */
    size_t count, capacity;
};

/* What a program or the kernel told the host: bytes of one kind of frame. */
struct output {
    char *text;
    size_t size, capacity;
};

enum { OUTPUT_STDOUT, OUTPUT_STDERR, OUTPUT_STATUS, OUTPUTS };

/* One of the two runs. */
struct run {
    struct subject subject;
    bool same_kernel; /* both runs have the same: then its own doings count too */
    bool all_calls;
    unsigned lane_count;
    struct lane *lane; /* by number of the space */
    uint64_t ignored[IGNORED_KINDS];
    struct output output[OUTPUTS];
};

/* Fill in lanes and output. */
void run_find_lanes(struct run *run);
void run_free(struct run *run);

/* Did two machines do the same in these steps? */
bool step_equals(struct run *a, const struct trace_event *x, struct run *b,
                 const struct trace_event *y);

/* "took a page fault at 0x401000: ..., in main (hello.c:3)" */
void step_print(FILE *out, const struct subject *subject, const struct trace_event *event);
