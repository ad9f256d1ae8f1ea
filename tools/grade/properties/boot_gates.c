/* What ring 3 may call by INT n, as the gates of the IDT say. */
#include "define.h"

enum { VECTOR_GP = 13, ERROR_IDT = 2 };

/* Is the event a general protection fault because of this vector's gate? */
static bool is_refusal(const struct trace_event *event, uint64_t vector)
{
    return event->kind == EVENT_EXCEPTION && event->what == VECTOR_GP && event->ring == 3 &&
           event->v[0] == (vector << 3 | ERROR_IDT);
}

PROPERTY(int_refused, "INT n from ring 3 is a general protection fault for these vectors",
         INTEGERS("vectors", "each must have been refused at least once"))
{
    long long vector;

    for (size_t n = 0; with_integers(j, "vectors", n, &vector); n++) {
        bool refused = false;

        judgement_rewind(j);
        while (!refused && judgement_next(j))
            refused = j->inside && is_refusal(&j->event, (uint64_t)vector);
        if (refused)
            continue;
        return judgement_fail_at(
            j, NEVER,
            "Ring 3's INT %lld was never refused by a general protection fault. A gate's ring "
            "is the least privileged one that may call it: a program can forge this exception "
            "or interrupt if that is 3.",
            vector);
    }
}

PROPERTY(int_allowed, "INT n from ring 3 enters the kernel for these vectors",
         INTEGERS("vectors", "none of them may be refused"),
         INTEGER("min", "so often ring 3 came in by any gate; 1 if missing"))
{
    uint64_t entered = 0;
    long long vector;

    while (judgement_next(j)) {
        if (!j->inside)
            continue;
        for (size_t n = 0; with_integers(j, "vectors", n, &vector); n++)
            if (is_refusal(&j->event, (uint64_t)vector))
                return judgement_fail(
                    j,
                    "Ring 3 executed INT %lld and got a general protection fault (error 0x%" PRIx64
                    "): the gate is not present, or its ring does not let ring 3 call it.",
                    vector, j->event.v[0]);
        entered += j->event.kind == EVENT_TRANSFER && j->event.what == TRANSFER_INT &&
                   (j->event.v[2] & 3) == 3;
    }
    judgement_need(j, entered, 1, "an entry from ring 3 by an INT instruction");
}
