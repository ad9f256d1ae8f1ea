/* Trace files for the reader's tests, and what may be asked of any file whatever is in it. */
#pragma once

#include "check.h"
#include "format.h"
#include "reader.h"

enum { FIXTURE_EVENTS = 1000, FIXTURE_BLOCK = 64 };

/* The fixture's parameters. */
#define FIXTURE_TEXT "kernel=quire.elf\ncmdline=seed=1 a=b\nseed=1\nempty=\n"

/* A file in memory with a name in the file system; freed at exit. */
const char *fixture_file(const void *bytes, size_t size);

/* The bytes of a trace of FIXTURE_EVENTS events of the made-up machine. */
uint8_t *fixture_trace(bool with_end, size_t *size);

/* Event n of that trace. */
const struct trace_event *fixture_event(unsigned n);

/*
 * Read the file in every way there is. The answers are of no interest, but that
 * there are some: with sanitizers this finds what the reader believes too early.
 */
void exercise_file(const char *path);
