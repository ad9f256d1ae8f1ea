/*
 * The second run after a failed one under Bochs: the same machine does the same
 * again, this time with the recorder watching, and `quire-trace autopsy` says
 * what went wrong. The recorder is not loaded the first time because most runs
 * do not fail, and the disk would fill with traces that nobody reads.
 */
#pragma once

#include "session.h"

/*
 * Run it again if the session failed in a way that an autopsy explains, and
 * print the autopsy on standard error. Takes as long as the first run at most.
 */
void rerun_after_failure(const struct session *session);
