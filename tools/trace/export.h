/*
 * Traces in the formats of other viewers.
 */
#pragma once

#include "cli.h"

/* Write trace-event JSON to out; CLI_ERROR ends it if that fails. */
void export_perfetto(struct subject *subject, FILE *out);

/* Make a directory with a CTF 1.8 trace; ends with CLI_ERROR if that fails. */
void export_ctf(struct subject *subject, const char *directory);

/* Nanoseconds of a tick by the machine's clock, since power-on. */
uint64_t export_ns(const struct subject *subject, uint64_t tick);
