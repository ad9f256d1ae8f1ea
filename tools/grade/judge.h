/*
 * From a trace to verdicts. Runs in a process that may die of it: the trace and
 * the symbols come from a submission.
 */
#pragma once

#include "grading.h"

struct trace;
struct replay;
struct symbols;
struct verdict;

/*
 * Judge a recorded machine by all wanted checks of its run:
 *
 *     { "trace": sha256, "bochs": version, "end": "shutdown", "ticks": n, "events": n,
 *       "stall": [lines that say why it did not end as it should],
 *       "checks": { id: { "passed", "text", "tick", "function", "where",
 *                         "evidence": [lines], "command", "page" } },
 *       "facts": { id: { "value": "12" } or { "error": why } } }
 *
 * or {"error": why}. A check that could not be judged has "unjudged" instead of
 * "passed".
 */
json_t *judge_machine(const struct grading *grading, const struct machine *machine);

/* The machine as the judge has it open. */
struct judge {
    const struct grading *grading;
    const struct machine *machine;
    struct trace *trace;
    struct replay *replay;
    struct symbols *symbols;
};

/* "as_clone_cow" and "src/vm/clone.c:57" for an address of the kernel; empty: unknown. */
void judge_place(const struct judge *judge, uint64_t addr, char *function, char *where,
                 size_t size);

/* The history of the entry and the frame that a verdict is about: an array of lines. */
json_t *evidence_find(const struct judge *judge, const struct verdict *verdict);

/* The commands that show it. */
json_t *evidence_command(const struct judge *judge, const struct verdict *verdict, uint64_t tick);
json_t *evidence_page(const struct judge *judge, uint64_t tick);

/* The first difference from the reference's machine; an empty array where there is none to see. */
json_t *difference_find(const struct judge *judge);
