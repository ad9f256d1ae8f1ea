/* The submission's files laid over a copy of the base, and its kernel built. */
#pragma once

#include "grading.h"

struct box_outcome;

enum { BUILD_TESTS_MAX = 16, BUILD_TEXT_MAX = 8000 };

/* Run a command in a tree that it may write to. True if it ended with status 0. */
bool build_in_box(const struct grading *grading, const char *tree, const char *const *words,
                  struct box_outcome *outcome);

/* The programs of the lab's host tests, without their arguments; returns how many. */
size_t build_test_targets(const struct grading *grading, const char *out[BUILD_TESTS_MAX]);

/* The last line that says something. */
const char *build_last_line(struct box_outcome *outcome);

/*
 * What a person wants to read of a build's output: the compiler's messages, at
 * most BUILD_TEXT_MAX bytes, with names as in the tree. Allocated.
 */
char *build_messages(const char *output);

/* Did a command of the build fail, and not the build itself? */
bool build_command_failed(const char *output);

/* Copy, overlay, build the kernel. Fills in tree, kernel, build. */
enum grade_step build_kernel(struct grading *grading);
