/*
 * What the commands of `quire-trace` share: how they fail, how they read
 * numbers, and the trace they look at.
 */
#pragma once

#include "call_names.h"
#include "code.h"
#include "reader.h"
#include "spaces.h"
#include "symbols.h"

#include <stdio.h>

enum cli_status {
    CLI_DONE = 0,
    CLI_FAILED = 1, /* the thing judged failed: two runs differ, a crash was found, ... */
    CLI_USAGE = 2,
    CLI_ERROR = 3, /* the environment: no such file, not a trace, memory is out */
};

/* Print `quire: ` and one line, and end. */
_Noreturn void cli_fail(enum cli_status status, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* One line that warns; nothing ends. */
void cli_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* A number, decimal or 0x…; false if the text is anything else or too large. */
bool cli_number(const char *text, uint64_t *out);

/* The same for the value of an option; ends with CLI_USAGE if it is no number. */
uint64_t cli_option_number(const char *option, const char *text);

/* Text from a file or guest, with what a terminal would obey replaced. */
void cli_print_safe(FILE *out, const char *text);

/* Memory or CLI_ERROR. */
void *cli_alloc(size_t count, size_t size);

/* Make room for one more element of an array that has `used` of them; returns the array. */
void *cli_grow(void *array, size_t used, size_t *capacity, size_t size);

/* End with CLI_USAGE if the output would replace this input. */
void cli_keep_apart(const char *input, const char *output);

/* Flush standard output and end; CLI_ERROR if it could not be written. */
_Noreturn void cli_exit(enum cli_status status);

enum { SUBJECT_PROGRAMS_MAX = 32 };

/* The trace a command looks at, with everything that gives its numbers names. */
struct subject {
    const char *path;
    struct trace *trace;
    struct symbols *symbols;
    struct code *code;
    struct call_names *calls;
    struct spaces *spaces;
};

/* Files with symbols that the command line names, besides those that the trace does. */
struct subject_files {
    const char *kernel;
    const char *program[SUBJECT_PROGRAMS_MAX];
    unsigned programs;
};

/* Open a trace and its symbols; ends with CLI_ERROR if it is none. Warns if it was cut off. */
void subject_open(struct subject *subject, const char *path, const struct subject_files *files);
void subject_close(struct subject *subject);

/* Print "name (src/file.c:34)", "name+0x12" without its source, or the number. */
void subject_print_place(FILE *out, const struct subject *subject, uint64_t addr);

/* The function that a CALL or RETURN is about; buf is used where the trace does not name it. */
const char *subject_call(const struct subject *subject, const struct trace_event *event, char *buf,
                         size_t size);

/* The function's name alone, or the number; returns buf. */
const char *subject_function(const struct subject *subject, uint64_t addr, char *buf, size_t size);
