/*
 * What the grader found in a trace.
 */
#pragma once

#include <jansson.h>
#include <stdint.h>

/* Read a result of the grader (docs/result.schema.json); ends with CLI_ERROR if it is none. */
json_t *result_read(const char *path);

/*
 * [{"id", "title", "message", "hint", "tick", ...}...]: the checks that failed on
 * the machine of this trace, which the result names by its hash. Warns if the
 * result does not know the trace.
 */
json_t *findings_of(const json_t *result, const char *result_path, const char *trace_path);

/* The first one's tick; UINT64_MAX if there is none. */
uint64_t findings_first_tick(const json_t *findings);
