/*
 * Tests that run inside the kernel, on the real (emulated) CPU: what the host's
 * simulation cannot show. Built into the kernel of the debug preset only, and
 * started by the word `test` on the kernel's command line; ./quire test does
 * both. Output is TAP on the run's standard output; the run's status is the
 * number of failed tests.
 */
#pragma once

#include "lib/types.h"

/* A test returns true if everything was as it should be. */
struct kernel_test {
    const char *name;
    bool (*run)(void);
};

extern const struct kernel_test memory_tests[], sched_tests[]; /* end with a null name */

/* Say what was expected on the standard output; false, for a test to return. */
bool test_fail(const char *file, int line, const char *what);

#define CHECK(cond)                                                                                \
    do {                                                                                           \
        if (!(cond))                                                                               \
            return test_fail(__FILE__, __LINE__, #cond);                                           \
    } while (0)

/* Entry of the kernel task that runs them all and ends the run. */
void kernel_tests_run(void *unused);
