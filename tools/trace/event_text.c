#include "event_text.h"

#include "event_text_program.h"
#include "words.h"

#include <inttypes.h>
#include <string.h>

typedef void printer_t(FILE *out, const struct subject *subject, const struct trace_event *event);

bool event_is_entry(const struct trace_event *event)
{
    return event->kind == EVENT_ENTRY_SEEN || event->kind == EVENT_ENTRY_WRITE ||
           event->kind == EVENT_ENTRY_AD;
}

struct entry_change event_entry(const struct trace_event *event)
{
    if (event->kind == EVENT_ENTRY_SEEN)
        return (struct entry_change){ event->v[2], event->v[0], event->v[1], event->v[1] };
    return (struct entry_change){ event->v[3], event->v[0], event->v[1], event->v[2] };
}

static void print_start(FILE *out, const struct subject *subject, const struct trace_event *event)
{
    char cr0[WORDS_MAX], cr4[WORDS_MAX], efer[WORDS_MAX];

    (void)subject;
    fprintf(out, "start: CR0 %s; CR3 0x%" PRIx64 "; CR4 %s; EFER %s; RSP 0x%" PRIx64,
            words_bits(WORDS_CR0, event->v[0], cr0), event->v[1],
            words_bits(WORDS_CR4, event->v[2], cr4), words_bits(WORDS_EFER, event->v[3], efer),
            event->v[4]);
}

static void print_end(FILE *out, const struct subject *subject, const struct trace_event *event)
{
    (void)subject;
    fprintf(out, "end: %s; %" PRIu64 " instructions recorded", words_end(event->what), event->v[0]);
}

/* Bits that came and went. */
static void print_cr_bits(FILE *out, const struct trace_event *event)
{
    uint64_t on = event->v[0] & ~event->v[1], off = event->v[1] & ~event->v[0];
    char text[WORDS_MAX];

    fprintf(out, "CR%u = 0x%" PRIx64, event->what, event->v[0]);
    if (on)
        fprintf(out, ", sets %s", words_bits(event->what, on, text));
    if (off)
        fprintf(out, ", clears %s", words_bits(event->what, off, text));
    if (!on && !off)
        fputs(", as before", out);
}

static void print_cr(FILE *out, const struct subject *subject, const struct trace_event *event)
{
    (void)subject;
    if (event->what != 3) {
        print_cr_bits(out, event);
        return;
    }
    fprintf(out, "CR3 = 0x%" PRIx64, event->v[0]);
    if (event->v[0] == event->v[1])
        fputs(", as before: flushes the TLB", out);
    else
        fprintf(out, ", was 0x%" PRIx64, event->v[1]);
}

static void print_invlpg(FILE *out, const struct subject *subject, const struct trace_event *event)
{
    (void)subject;
    fprintf(out, "INVLPG 0x%" PRIx64, event->v[0]);
}

static void print_invpcid(FILE *out, const struct subject *subject, const struct trace_event *event)
{
    (void)subject;
    fprintf(out, "INVPCID type %u, PCID %" PRIu64 ", 0x%" PRIx64, event->what, event->v[1],
            event->v[0]);
}

static void print_wrmsr(FILE *out, const struct subject *subject, const struct trace_event *event)
{
    char text[WORDS_MAX];

    (void)subject;
    fprintf(out, "WRMSR %s = 0x%" PRIx64, words_msr(event->what, text), event->v[0]);
}

static void print_exception(FILE *out, const struct subject *subject,
                            const struct trace_event *event)
{
    char name[WORDS_MAX], why[WORDS_MAX];
    const char *detail = words_error(event->what, event->v[0], why);

    (void)subject;
    fprintf(out, "exception %s", words_exception(event->what, name));
    if (event->what == VECTOR_PF)
        fprintf(out, " at 0x%" PRIx64, event->v[1]);
    if (*detail)
        fprintf(out, ": %s (error 0x%" PRIx64 ")", detail, event->v[0]);
}

static void print_interrupt(FILE *out, const struct subject *subject,
                            const struct trace_event *event)
{
    (void)subject;
    fprintf(out, "interrupt 0x%x", event->what);
}

static void print_transfer(FILE *out, const struct subject *subject,
                           const struct trace_event *event)
{
    fprintf(out, "%s to ", words_transfer(event->what));
    subject_print_place(out, subject, event->v[1]);
    fprintf(out, ", ring %u to ring %u", (unsigned)(event->v[2] & 3), (unsigned)(event->v[3] & 3));
}

static void print_call(FILE *out, const struct subject *subject, const struct trace_event *event)
{
    static const char *const registers[] = { "rdi", "rsi", "rdx", "rcx", "r8", "r9" };
    char name[256];

    fputs("call ", out);
    cli_print_safe(out, subject_call(subject, event, name, sizeof(name)));
    for (unsigned i = 0; i < EVENT_VALUES; i++)
        fprintf(out, " %s=0x%" PRIx64, registers[i], event->v[i]);
}

static void print_return(FILE *out, const struct subject *subject, const struct trace_event *event)
{
    char name[256];

    fputs("return from ", out);
    cli_print_safe(out, subject_call(subject, event, name, sizeof(name)));
    fprintf(out, " = 0x%" PRIx64 " to ", event->v[0]);
    cli_print_safe(out, symbols_name(subject->symbols, event->v[1], name, sizeof(name)));
}

static void print_table(FILE *out, const struct subject *subject, const struct trace_event *event)
{
    (void)subject;
    fprintf(out, "0x%" PRIx64 " is a %s now, for addresses from 0x%" PRIx64, event->v[0],
            words_table_name(event->level), event->v[1]);
}

static void print_table_gone(FILE *out, const struct subject *subject,
                             const struct trace_event *event)
{
    (void)subject;
    fprintf(out, "0x%" PRIx64 " is no %s any more", event->v[0], words_table_name(event->level));
}

static void print_entry(FILE *out, const struct subject *subject, const struct trace_event *event)
{
    struct entry_change change = event_entry(event);
    char was[WORDS_MAX], is[WORDS_MAX];

    (void)subject;
    fprintf(out, "%s for 0x%" PRIx64 " at 0x%" PRIx64 " ", words_entry_name(event->level),
            change.va, change.entry_phys);
    if (event->kind == EVENT_ENTRY_SEEN)
        fputs("found: ", out);
    else
        fprintf(out, "%s: %s -> ", event->kind == EVENT_ENTRY_AD ? "marked by the CPU" : "written",
                words_entry(event->level, change.was, was));
    fputs(words_entry(event->level, change.is, is), out);
}

static void print_stale(FILE *out, const struct subject *subject, const struct trace_event *event)
{
    char entry[WORDS_MAX];
    bool cpu = event->kind == EVENT_STALE_CPU;

    (void)subject;
    fprintf(out, "stale %s of 0x%" PRIx64 " %s 0x%" PRIx64 ": the PTE at 0x%" PRIx64 " is now %s",
            cpu ? "use" : words_access(event->what), event->v[0],
            cpu ? "by the CPU, through" : "possible, through", event->v[1], event->v[3],
            words_entry(event->level ? event->level : 1, event->v[2], entry));
}

static void print_window(FILE *out, const struct subject *subject, const struct trace_event *event)
{
    unsigned level = event->level ? event->level : 1;
    char was[WORDS_MAX], is[WORDS_MAX];

    (void)subject;
    fprintf(out, "no flush of 0x%" PRIx64 " before %s: %s at 0x%" PRIx64 " was %s, is %s",
            event->v[0], words_window(event->what), words_entry_name(level), event->v[3],
            words_entry(level, event->v[1], was), words_entry(level, event->v[2], is));
}

static void print_out(FILE *out, const struct subject *subject, const struct trace_event *event)
{
    char text[WORDS_MAX];
    uint64_t value = event->v[0];

    (void)subject;
    fprintf(out, "OUT %s = 0x%" PRIx64, words_port(event->what, text), value);
    if (event->v[1] == 1 && value > 0x20 && value < 0x7f)
        fprintf(out, " '%c'", (char)value);
}

static void print_halt(FILE *out, const struct subject *subject, const struct trace_event *event)
{
    (void)subject;
    fprintf(out, "HLT, interrupts %s", event->v[0] & RFLAGS_IF ? "on" : "off");
}

static void print_reset(FILE *out, const struct subject *subject, const struct trace_event *event)
{
    (void)subject;
    (void)event;
    fputs("reset", out);
}

static void print_sample(FILE *out, const struct subject *subject, const struct trace_event *event)
{
    fputs("the CPU was at ", out);
    subject_print_place(out, subject, event->v[0]);
    fprintf(out, ", RSP 0x%" PRIx64 ", interrupts %s", event->v[1],
            event->v[2] & RFLAGS_IF ? "on" : "off");
}

static void print_branch(FILE *out, const struct subject *subject, const struct trace_event *event)
{
    static const char *const names[] = { "branch", "jump", "call", "return" };

    fprintf(out, "%s from ", names[event->what & 3]);
    subject_print_place(out, subject, event->v[0]);
    fputs(" to ", out);
    subject_print_place(out, subject, event->v[1]);
}

static printer_t *const printers[EVENT_KINDS] = {
    [EVENT_START] = print_start,
    [EVENT_END] = print_end,
    [EVENT_CR] = print_cr,
    [EVENT_INVLPG] = print_invlpg,
    [EVENT_INVPCID] = print_invpcid,
    [EVENT_WRMSR] = print_wrmsr,
    [EVENT_EXCEPTION] = print_exception,
    [EVENT_INTERRUPT] = print_interrupt,
    [EVENT_TRANSFER] = print_transfer,
    [EVENT_CALL] = print_call,
    [EVENT_RETURN] = print_return,
    [EVENT_TABLE] = print_table,
    [EVENT_TABLE_GONE] = print_table_gone,
    [EVENT_ENTRY_SEEN] = print_entry,
    [EVENT_ENTRY_WRITE] = print_entry,
    [EVENT_ENTRY_AD] = print_entry,
    [EVENT_STALE_CPU] = print_stale,
    [EVENT_STALE_IDEAL] = print_stale,
    [EVENT_WINDOW] = print_window,
    [EVENT_OUT] = print_out,
    [EVENT_HALT] = print_halt,
    [EVENT_RESET] = print_reset,
    [EVENT_SAMPLE] = print_sample,
    [EVENT_BRANCH] = print_branch,
    [EVENT_OUT_VALUE] = print_out_value,
    [EVENT_CHALLENGE] = print_challenge,
    [EVENT_WITNESS] = print_witness,
    [EVENT_USER_STATE] = print_user_state,
};

void event_print(FILE *out, const struct subject *subject, const struct trace_event *event)
{
    if (event->kind < EVENT_KINDS && printers[event->kind])
        printers[event->kind](out, subject, event);
}

void event_print_heading(FILE *out)
{
    fprintf(out, "%12s %4s  %-9s %s\n", "tick", "ring", "space", "what, and by which instruction");
}

/* Events whose text says where already. */
static bool event_is_elsewhere(const struct trace_event *event)
{
    return event->kind == EVENT_CALL || event->kind == EVENT_RETURN ||
           event->kind == EVENT_SAMPLE || event->kind == EVENT_BRANCH ||
           event->kind == EVENT_OUT_VALUE || event->kind == EVENT_END;
}

uint64_t event_place(const struct trace_event *event)
{
    switch (event->kind) {
    case EVENT_CR:
    case EVENT_ENTRY_WRITE:
    case EVENT_ENTRY_SEEN:
    case EVENT_TABLE:
    case EVENT_TABLE_GONE:
    case EVENT_OUT:
    case EVENT_WRMSR:
    case EVENT_INVLPG:
    case EVENT_INVPCID:
    case EVENT_HALT:
        return event->rip - 1;
    default:
        return event->rip;
    }
}

void event_print_line(FILE *out, const struct subject *subject, const char *space,
                      const struct trace_event *event)
{
    fprintf(out, "%12" PRIu64 " %4u  %-9s ", event->tick, event->ring, space);
    event_print(out, subject, event);
    if (!event_is_elsewhere(event)) {
        fputs("; ", out);
        subject_print_place(out, subject, event_place(event));
    }
    fputc('\n', out);
}

bool event_range(const struct trace_event *event, uint64_t *start, uint64_t *last)
{
    uint64_t bytes = UINT64_C(1) << (event->level ? 3 + 9 * event->level : 12);

    switch (event->kind) {
    case EVENT_INVLPG:
    case EVENT_INVPCID:
    case EVENT_STALE_CPU:
    case EVENT_STALE_IDEAL:
    case EVENT_WINDOW:
        *start = *last = event->v[0];
        return true;
    case EVENT_EXCEPTION:
        *start = *last = event->v[1];
        return event->what == VECTOR_PF;
    case EVENT_TABLE:
        *start = event->v[1];
        *last = *start + bytes * 512 - 1;
        return event->level < 4; /* a PML4 maps everything */
    case EVENT_ENTRY_SEEN:
    case EVENT_ENTRY_WRITE:
    case EVENT_ENTRY_AD:
        *start = event_entry(event).va;
        *last = *start + bytes - 1;
        return true;
    default:
        return false;
    }
}
