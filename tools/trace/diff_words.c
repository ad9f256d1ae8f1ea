/*
 * Steps as what a machine did, in the past tense.
 */
#include "diff.h"
#include "event_text.h"
#include "words.h"

#include <inttypes.h>

static const uint64_t user_rights = ENTRY_P | ENTRY_W | ENTRY_U | ENTRY_NX;

static void print_at(FILE *out, const struct subject *subject, const struct trace_event *event)
{
    fputs(", in ", out);
    subject_print_place(out, subject, event_place(event));
}

static void print_exception(FILE *out, const struct subject *subject,
                            const struct trace_event *event)
{
    char name[WORDS_MAX], why[WORDS_MAX];
    const char *detail = words_error(event->what, event->v[0], why);

    fprintf(out, "took exception %s", words_exception(event->what, name));
    if (event->what == VECTOR_PF)
        fprintf(out, " at 0x%" PRIx64, event->v[1]);
    if (*detail)
        fprintf(out, " (%s)", detail);
    print_at(out, subject, event);
}

/* What a store did to what the entry maps. */
static const char *entry_verb(uint64_t was, uint64_t is)
{
    bool moved = (was ^ is) & ENTRY_ADDR;

    if (!(was & ENTRY_P))
        return is & ENTRY_P ? "mapped" : "noted something for";
    if (!(is & ENTRY_P))
        return "unmapped";
    if (moved)
        return "gave another frame to";
    if ((was & ENTRY_W) && !(is & ENTRY_W))
        return "made read-only";
    if (!(was & ENTRY_W) && (is & ENTRY_W))
        return "made writable";
    return (was ^ is) & user_rights ? "changed the rights of" : "rewrote the entry of";
}

static void print_entry(FILE *out, const struct subject *subject, const struct trace_event *event)
{
    char was[WORDS_MAX], is[WORDS_MAX];

    fprintf(out, "%s %s0x%" PRIx64 " (%s %s -> %s)", entry_verb(event->v[1], event->v[2]),
            event->level > 1 ? "what lies from " : "", event->v[3], words_entry_name(event->level),
            words_entry(event->level, event->v[1], was),
            words_entry(event->level, event->v[2], is));
    print_at(out, subject, event);
}

static void print_transfer(FILE *out, const struct subject *subject,
                           const struct trace_event *event)
{
    bool to_user = (event->v[3] & 3) == 3;

    if (event->what == TRANSFER_SYSCALL || event->what == TRANSFER_INT)
        fprintf(out, "%s",
                event->what == TRANSFER_SYSCALL ? "made a system call" : "executed INT n");
    else
        fprintf(out, "went by %s to ring %u at ", words_transfer(event->what), to_user ? 3 : 0);
    if (event->what != TRANSFER_SYSCALL && event->what != TRANSFER_INT)
        subject_print_place(out, subject, event->v[1]);
    else
        print_at(out, subject, event);
}

static void print_call(FILE *out, const struct subject *subject, const struct trace_event *event)
{
    char name[256];

    fprintf(out, "%s ", event->kind == EVENT_CALL ? "called" : "returned from");
    cli_print_safe(out, subject_call(subject, event, name, sizeof(name)));
    if (event->kind == EVENT_RETURN)
        fprintf(out, " with %" PRId64, (int64_t)event->v[0]);
}

void step_print(FILE *out, const struct subject *subject, const struct trace_event *event)
{
    switch (event->kind) {
    case EVENT_EXCEPTION:
        print_exception(out, subject, event);
        break;
    case EVENT_ENTRY_WRITE:
        print_entry(out, subject, event);
        break;
    case EVENT_TRANSFER:
        print_transfer(out, subject, event);
        break;
    case EVENT_CALL:
    case EVENT_RETURN:
        print_call(out, subject, event);
        break;
    case EVENT_INVLPG:
        fprintf(out, "flushed 0x%" PRIx64 " (INVLPG)", event->v[0]);
        print_at(out, subject, event);
        break;
    case EVENT_END:
        fprintf(out, "ended: %s", words_end(event->what));
        break;
    default:
        event_print(out, subject, event);
        print_at(out, subject, event);
        break;
    }
}
