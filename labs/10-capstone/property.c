/*
 * A property of your own: a rule that a right kernel keeps whenever processes fork, and
 * that wrong ones break. README.md says what it is judged by;
 * tools/grade/properties/judgement.h what there is to look at.
 *
 * This one is kept by every kernel: it looks at all page faults, and forbids nothing.
 */
#include "define.h"

PROPERTY(capstone, "What the rule says, in half a sentence")
{
    uint64_t faults = 0;

    while (judgement_next(j)) {
        if (j->event.kind == EVENT_EXCEPTION && j->event.what == VECTOR_PF)
            faults++;
        /* if (a rule is broken) { judgement_fail(j, "who did what, and why not"); return; } */
    }
    judgement_note(j, "There were %" PRIu64 " page faults.", faults);
}
