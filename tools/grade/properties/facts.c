/* Facts: numbers that students predict. */
#include "define.h"

FACT(halts, "HLT instructions")
{
    *out = 0;
    while (judgement_next(j))
        *out += j->inside && j->event.kind == EVENT_HALT;
    return true;
}
