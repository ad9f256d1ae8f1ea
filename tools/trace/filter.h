/*
 * Which events of a trace a user wants to see.
 */
#pragma once

#include "cli.h"

struct filter {
    uint64_t kinds;   /* bit for each enum event_kind; 0: all */
    const char *task; /* a space by name or number; NULL: all */
    bool by_cr3;      /* only this root */
    uint64_t cr3;
    bool by_address; /* only events about this range */
    uint64_t address, last_address;
    const char *symbol; /* only in this function, calls of it and returns from it */
    uint64_t from, to;  /* ticks, both included */
    int ring;           /* -1: all */
    /* Found by filter_prepare. */
    unsigned space;
    uint64_t pid; /* the task is a process: all its spaces; 0: it is not */
    char symbol_name[256];
};

#define FILTER_ALL ((struct filter){ .to = UINT64_MAX, .ring = -1 })

/* Take "call,return" or "VA-VA"; end with CLI_USAGE if it is not that. */
void filter_take_kinds(struct filter *filter, const char *text);
void filter_take_address(struct filter *filter, const char *text);

/* Look up what the filter names; CLI_USAGE if there is no such task or symbol. */
void filter_prepare(struct filter *filter, const struct subject *subject);

/* Does it let this event through? The cursor has made the step of the event. */
bool filter_takes(const struct filter *filter, const struct subject *subject,
                  const struct space_cursor *cursor, const struct trace_event *event);
