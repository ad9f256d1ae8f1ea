/*
 * An event as a line of text, in the words of the field.
 */
#pragma once

#include "cli.h"

/* What happened, without time and place: "exception #PF page fault: write from ring 3, ...". */
void event_print(FILE *out, const struct subject *subject, const struct trace_event *event);

/* The same with tick, ring, address space and place, as one line. */
void event_print_line(FILE *out, const struct subject *subject, const char *space,
                      const struct trace_event *event);

/* The heading for lines of event_print_line. */
void event_print_heading(FILE *out);

/*
 * The linear addresses that an event is about: of an entry, all that it maps.
 * False if it is about none.
 */
bool event_range(const struct trace_event *event, uint64_t *start, uint64_t *last);

/* Did the event store into a page table? */
bool event_is_entry(const struct trace_event *event);

/* Linear address, new and old value of an event for which event_is_entry holds. */
struct entry_change {
    uint64_t va, entry_phys, was, is;
};
struct entry_change event_entry(const struct trace_event *event);

/*
 * An address in the instruction that caused an event: the recorder knows that
 * instruction's own address for some kinds, the next one's for others.
 */
uint64_t event_place(const struct trace_event *event);
