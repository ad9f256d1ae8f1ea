/*
 * Writing traces for tests: by the specification, docs/trace-format.md, and apart
 * from the recorder, so that the two check each other.
 */
#pragma once

#include "format.h"

#include <stdio.h>

struct writer;

/* Blocks get block_events events each, the last fewer. Dies on errors. */
struct writer *writer_open(const char *path, const char *parameters, unsigned block_events);
void writer_add(struct writer *writer, const struct trace_event *event);

/* With the end, or as if cut off behind the last whole block. */
void writer_close(struct writer *writer, bool with_end);
