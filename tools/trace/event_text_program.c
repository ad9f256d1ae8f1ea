#include "event_text_program.h"

#include "words.h"

#include <inttypes.h>

void print_out_value(FILE *out, const struct subject *subject, const struct trace_event *event)
{
    char name[256];

    cli_print_safe(out, subject_call(subject, event, name, sizeof(name)));
    fprintf(out, " left 0x%" PRIx64 " at 0x%" PRIx64, event->v[0], event->v[1]);
}

static void print_doubt(FILE *out, const struct trace_event *event)
{
    if (event->what != WITNESS_GENUINE)
        fprintf(out, ", not genuine: %s", words_witness(event->what));
}

void print_challenge(FILE *out, const struct subject *subject, const struct trace_event *event)
{
    (void)subject;
    fprintf(out, "challenge %" PRIu64, event->v[0]);
    if (event->what == WITNESS_GENUINE)
        fprintf(out, " = 0x%" PRIx64, event->v[1]);
    print_doubt(out, event);
}

void print_witness(FILE *out, const struct subject *subject, const struct trace_event *event)
{
    (void)subject;
    fprintf(out, "witness of step %" PRIu64 ": 0x%" PRIx64 ", with 0x%" PRIx64 " and 0x%" PRIx64,
            event->v[0], event->v[1], event->v[2], event->v[3]);
    print_doubt(out, event);
}

void print_user_state(FILE *out, const struct subject *subject, const struct trace_event *event)
{
    (void)subject;
    fprintf(out,
            "%s ring 3 with RAX 0x%" PRIx64 ", RSP 0x%" PRIx64 ", RIP 0x%" PRIx64
            "; of RCX and R11 the hash 0x%" PRIx64 ", of the others 0x%" PRIx64,
            event->what == USER_STATE_LEAVES ? "left" : "entered", event->v[1], event->v[3],
            event->v[4], event->v[2], event->v[0]);
}
