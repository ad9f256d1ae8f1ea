/*
 * In which order machines are worth recording: first those that say something
 * whatever the others say, then those whose checks need these to pass, and one
 * machine of a run before its others. What cannot earn a point any more is left out: a
 * kernel that never comes to its first program is not started twenty times.
 */
#pragma once

#include "grading.h"

/* Give all machines their rounds. They depend on the rubric alone, so that gradings repeat. */
void rounds_plan(struct grading *grading);

/*
 * Are all checks of the machine lost by what the machines of earlier rounds showed? A check is
 * lost if it failed on another machine, or if one is that it needs.
 */
bool rounds_machine_is_moot(const struct grading *grading, const struct machine *machine);
