/*
 * The functions whose calls were recorded, by the index that CALL and RETURN
 * events carry: the trace's parameter "calls" lists them.
 */
#pragma once

#include "reader.h"

struct call_names;

/* NULL when memory is out. */
struct call_names *call_names_new(const struct trace *trace);
void call_names_free(struct call_names *names);

unsigned call_names_count(const struct call_names *names);

/* The function that a CALL or RETURN event is about, or NULL if the trace does not name it. */
const char *call_name(const struct call_names *names, const struct trace_event *event);
