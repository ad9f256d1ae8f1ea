/*
 * Reading a trace: a file that anyone may have made, mapped into memory and
 * checked wherever it is believed.
 */
#pragma once

#include "event.h"

#include <stdbool.h>
#include <stddef.h>

struct trace;

/*
 * Open and check a file: header, parameters, index (rebuilt if the file was cut
 * off). On failure NULL, with one line in error. The file must not shrink while
 * it is open.
 */
struct trace *trace_open(const char *path, char *error, size_t error_size);
void trace_close(struct trace *trace);

/* A parameter of the run by its key, or NULL: docs/trace-format.md lists the keys. */
const char *trace_parameter(const struct trace *trace, const char *key);

/* The parameters in order; NULL behind the last. "key=value" each. */
const char *trace_parameter_line(const struct trace *trace, unsigned n);

uint64_t trace_events(const struct trace *trace);

/*
 * Did the file end as it should? False: it was cut off, its index was damaged, or
 * a block that was read so far is; reading stops there.
 */
bool trace_is_complete(const struct trace *trace);

/*
 * Event number n, unpacked; the pointer is good until the next call. NULL
 * beyond the end or in a damaged block. Sequential reading, both ways, costs
 * a block's unpacking for every TRACE_BLOCK_EVENTS events.
 */
const struct trace_event *trace_event(struct trace *trace, uint64_t n);

/* Number of the first event at or after a tick; trace_events() if there is none. O(log blocks). */
uint64_t trace_find_tick(struct trace *trace, uint64_t tick);

/*
 * Scan [from, to) in order as fast as possible: visit returns false to stop.
 * False if a damaged block ended it.
 */
bool trace_scan(struct trace *trace, uint64_t from, uint64_t to,
                bool (*visit)(void *arg, uint64_t n, const struct trace_event *event), void *arg);
