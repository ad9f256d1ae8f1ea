/*
 * A page fault as the rules of an autopsy see it.
 */
#pragma once

#include "autopsy.h"

struct fault {
    const struct autopsy *autopsy;
    const struct trace_event *event;
    uint64_t number, va, error;
    struct walk walk;             /* of va, just before the fault */
    const struct walk_step *last; /* the step where the walk ended */
};

/* Print the sentence for a page fault; the rules stand in order of precedence. */
void cause_page_fault(const struct fault *fault, FILE *out);

/*
 * Was the table that holds this entry overwritten like ordinary memory? Returns
 * how many entries the same function wrote into it in one go; 0: it was not.
 */
unsigned fault_table_overwritten(const struct fault *fault, const struct walk_step *step,
                                 struct trace_event *writer);
