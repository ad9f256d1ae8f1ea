/*
 * A lab's rubric: labs/N-name/rubric.toml, which students have, and hidden.toml,
 * which they do not; docs/grading.md describes the format.
 *
 *     run    a machine to be recorded, once for each jitter
 *     check  points for a property of a run, or for a prediction about it
 *
 * Checks that a file has wrong are refused when it is read, with one line that
 * names the file, the check and the key.
 */
#pragma once

#include "config.h"
#include "manifest.h"

#include <stdint.h>

struct property;
struct fact;

enum { RUBRIC_JITTERS = 16, RUBRIC_WORDS = 32, RUBRIC_NEEDS = 16 };

enum seed_source { SEED_GRADING, SEED_STUDENT, SEED_NUMBER };

struct rubric_words {
    const char *at[RUBRIC_WORDS];
    size_t count;
};

struct rubric_run {
    const char *id;
    const char *program; /* "name" of the lab, "tests/name" of user/tests; "": none */
    struct rubric_words args, holes, calls, kernel_args;
    unsigned mem_mib;
    unsigned jitter[RUBRIC_JITTERS];
    size_t jitters;
    uint64_t budget; /* instructions of the guest */
    bool grub;
    enum seed_source seed;
    uint64_t seed_number;
    const json_t *table;
};

enum check_kind {
    CHECK_PROPERTY,
    CHECK_PREDICTION,
    CHECK_WRITTEN,
    CHECK_ANSWER,  /* a text whose hash is known: hunt.h */
    CHECK_HUNT,    /* a patch that mends a wrong kernel: hunt.h */
    CHECK_CATCHES, /* a property of the student's own: capstone.h */
};

struct rubric_check {
    enum check_kind kind;
    const char *id, *title;
    const char *hint, *section; /* NULL: none */
    const char *question;       /* of a prediction or a written answer */
    const struct property *property;
    const struct fact *fact;
    const json_t *with; /* NULL: none */
    unsigned points;
    size_t run; /* which of the runs; none for what is written */
    bool hidden;
    size_t needs[RUBRIC_NEEDS], need_count;
    const json_t *table;
};

struct rubric {
    struct rubric_run *runs;
    struct rubric_check *checks; /* in the files' order */
    size_t run_count, check_count;
    unsigned points;
    bool has_hidden;  /* hidden.toml is there */
    json_t *files[2]; /* what the texts above belong to */
};

/*
 * Read and check a lab's rubric in the tree at root; NULL with one line in error.
 * A rubric with its hidden part must be worth 100 points.
 */
struct rubric *rubric_load(const char *root, const struct lab *lab, char *error, size_t error_size);
void rubric_free(struct rubric *rubric);

/* The check with that name, or NULL. */
const struct rubric_check *rubric_find(const struct rubric *rubric, const char *id);

/* Is the check about one of the rubric's runs? */
bool rubric_has_run(const struct rubric_check *check);

/* Is every property, fact and parameter known, and does no check need itself? */
bool rubric_verify(const struct rubric *rubric, const char *where, char *error, size_t error_size);

/* Can what a check with a run has in `with` be understood? False with why. */
bool rubric_verify_with(const struct rubric *rubric, const struct rubric_check *check, char *why,
                        size_t why_size);

/* Are the programs and the kernel's functions that runs name in the instructor's tree at root? */
bool rubric_check_names(const struct rubric *rubric, const char *root, const struct lab *lab,
                        char *error, size_t error_size);

/* Size in the rubric's words, "8M" or "4096"; false if it is none. */
bool rubric_size(const char *text, uint64_t *out);
