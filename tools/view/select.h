/*
 * Which events of a trace a page gets. A page that shall open at once holds a
 * limited number: of a larger trace whole kinds are left out first, those whose
 * loss costs the picture least, and then what lies outside a window of ticks.
 */
#pragma once

#include "cli.h"

struct selection {
    uint64_t from, to;      /* events [from, to) */
    uint64_t total;         /* events of the trace */
    uint64_t kept;          /* of those in the window */
    bool drop[EVENT_KINDS]; /* kinds that are left out for want of room */
    bool cut;               /* the window is smaller than what was asked for */
};

/* What the user asks for. */
struct selection_wish {
    uint64_t from_tick, to_tick; /* UINT64_MAX as to_tick: the end */
    uint64_t limit;              /* events, at least 1 */
    uint64_t near_tick;          /* where a smaller window should be; UINT64_MAX: at the programs */
};

/*
 * Choose. Ends with CLI_USAGE if the window holds no event, with CLI_ERROR if
 * the trace is damaged.
 */
void selection_make(struct selection *selection, struct trace *trace,
                    const struct selection_wish *wish);

/* Does the page get this event of the window? */
bool selection_has(const struct selection *selection, const struct trace_event *event);

/*
 * A write to a port that carries text: the parallel port of the program's output,
 * the serial ports and the debug port of the kernel's. The page shows the text instead.
 */
bool selection_is_text(const struct trace_event *event);
