/*
 * Properties: what a machine must have done, judged from its trace alone, and
 * facts: numbers about a run that students predict. docs/properties.md explains
 * each.
 *
 * A trace comes from a kernel that its author may have written to mislead; so
 * every judgement ends in bounded time and memory, whatever the file holds.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct trace;
struct replay;
struct symbols;

/* One recorded machine. All belongs to the caller; the replay may stand anywhere. */
struct run {
    const char *id; /* of the rubric's [[run]] */
    struct trace *trace;
    struct replay *replay;
    struct symbols *symbols; /* kernel first, then programs; may be NULL */
    uint64_t key;            /* of the challenges */
    uint64_t seed;
    unsigned mem_mib;
    const char *program;     /* path of the program's ELF file; NULL or "": none */
    const char *kernel_path; /* the kernel's ELF file; NULL: where the trace says */
    const char *trace_path;
    const json_t *rubric; /* the [[run]] table; may be NULL */
};

/* What a parameter of `with` may be. */
enum parameter_type {
    PARAMETER_INTEGER,
    PARAMETER_BOOLEAN,
    PARAMETER_TEXT,
    PARAMETER_VALUE, /* an integer, or an expression of challenges and witnesses as text */
    PARAMETER_TEXTS, /* one text or an array of them */
    PARAMETER_INTEGERS,
};

struct parameter {
    const char *name; /* NULL ends a list */
    enum parameter_type type;
    bool required;
    const char *meaning;
};

/* What became of a judgement. Texts are whole sentences. */
struct verdict {
    bool passed;
    bool unjudged;  /* not passed, but for the rubric's or the file's fault: text says why */
    uint64_t event; /* number of the event where it went wrong; UINT64_MAX: none */
    uint64_t va, entry, frame;
    bool has_va, has_entry, has_frame;
    char text[600];
};

struct judgement;

struct property {
    const char *name;
    const char *title;
    const struct parameter *parameters; /* besides properties_common */
    void (*judge)(struct judgement *judgement);
};

/* Parameters that every property takes: a window between witnesses, one process. */
extern const struct parameter properties_common[];

/* All properties by name, NULL behind the last. */
extern const struct property *const properties_all[];

/* NULL if there is none. */
const struct property *property_find(const char *name);

/*
 * Are the parameters those of the property, and of the right types? with may be
 * NULL. False with one line in error.
 */
bool property_check_parameters(const struct property *property, const json_t *with, char *error,
                               size_t error_size);

/* Judge a run. Always fills the verdict. */
void property_judge(const struct property *property, const struct run *run, const json_t *with,
                    struct verdict *verdict);

struct fact {
    const char *name;
    const char *title;
    const struct parameter *parameters;
    bool (*get)(struct judgement *judgement, uint64_t *out);
};

extern const struct fact *const facts_all[];
const struct fact *fact_find(const char *name);
bool fact_check_parameters(const struct fact *fact, const json_t *with, char *error,
                           size_t error_size);

/*
 * Recompute a fact from a run. False if the run does not have it, with one line in
 * error.
 */
bool fact_get(const struct fact *fact, const struct run *run, const json_t *with, uint64_t *out,
              char *error, size_t error_size);
