/*
 * The machines of a grading: each is recorded in the box and judged outside, in a
 * process of its own, several at once.
 */
#pragma once

#include "grading.h"

/* List the machines that the wanted checks need. Fails if a program is not built. */
enum grade_step machines_plan(struct grading *grading);

/*
 * Record and judge them, round by round (rounds.h); each gets its outcome, or is moot. A machine
 * that could not be recorded or judged has {"error": why} as its outcome; see judge.h for the
 * others.
 */
enum grade_step machines_run(struct grading *grading);

/* A grading's seed that nobody can guess; readers of JSON keep 53 bits, so it has no more. */
uint64_t machine_draw_seed(void);

/* Seeds: of the guests, and of one machine's challenges, which no guest can derive. */
uint64_t machine_guest_seed(uint64_t grading_seed);
uint64_t machine_key(uint64_t grading_seed, const char *run, unsigned jitter);

/* Record a machine into its trace; NULL, or why that failed in error. True if there is a trace. */
bool machine_record(const struct grading *grading, const struct machine *machine, char *error,
                    size_t error_size);
