/*
 * The description of a trace in a page, as JSON.
 */
#pragma once

#include "cli.h"
#include "select.h"

#include <jansson.h>

/* Where an event of the trace is in the page: the number of the first one kept from there on. */
typedef uint64_t page_event_t(void *arg, uint64_t event);

/* {"parameters": {key: value or [values]}} of the recording. */
json_t *describe_parameters(const struct trace *trace);

/* [{"number", "name", "root", "first", "last", "pid", "user"}...], events in the page's numbers. */
json_t *describe_spaces(const struct spaces *spaces, page_event_t *page_event, void *arg);

/* {"total", "kept", "whole", "cut", "dropped": [kinds]} */
json_t *describe_selection(const struct selection *selection, const struct trace *trace);

/* ["sys_poll", ...] by their index in CALL and RETURN events. */
json_t *describe_calls(const struct trace *trace);
