/*
 * What an exception means that began the end.
 */
#include "autopsy_cause.h"
#include "words.h"

#include <inttypes.h>
#include <string.h>

typedef void cause_t(const struct autopsy *a, const struct trace_event *event, FILE *out);

bool autopsy_code_is(const struct autopsy *a, uint64_t rip, const char *mnemonic)
{
    char text[160];

    autopsy_code(a, rip, text, sizeof(text));
    text[strcspn(text, " ")] = '\0';
    return strcmp(text, mnemonic) == 0;
}

static void cause_fault(const struct autopsy *a, const struct open_exception *e, FILE *out)
{
    struct fault fault = { .autopsy = a,
                           .event = &e->event,
                           .number = e->number,
                           .va = e->event.v[1],
                           .error = e->event.v[0] };

    if (!replay_seek(a->replay, e->number))
        return;
    replay_walk(a->replay, replay_cr3(a->replay), fault.va, &fault.walk);
    if (fault.walk.steps == 0)
        return;
    fault.last = &fault.walk.step[fault.walk.steps - 1];
    cause_page_fault(&fault, out);
}

/* A selector that the CPU refused: which instruction used it says what is wrong. */
static void cause_selector(const struct autopsy *a, const struct trace_event *event, FILE *out)
{
    unsigned selector = event->v[0] & 0xfff8;

    if (autopsy_code_is(a, event->rip, "iretq") || autopsy_code_is(a, event->rip, "iretd"))
        fprintf(out,
                "IRETQ popped CS or SS 0x%x, which the GDT does not have as such: the frame is "
                "broken (RSP is not at the saved RIP), or the GDT is",
                selector);
    else if (autopsy_code_is(a, event->rip, "ltr") || event->what == VECTOR_TS)
        fprintf(out,
                "the TSS that selector 0x%x names cannot be used: is its descriptor in the GDT "
                "(16 bytes, type 9, present), and within the GDT's limit?",
                selector);
    else
        fprintf(out,
                "selector 0x%x is not usable: the GDT is too short, or its entry %u is not "
                "present or of the wrong type",
                selector, selector >> 3);
}

static void cause_protection(const struct autopsy *a, const struct trace_event *event, FILE *out)
{
    char code[160];

    if (event->v[0] & ~UINT64_C(7)) {
        cause_selector(a, event, out);
        return;
    }
    autopsy_code(a, event->rip, code, sizeof(code));
    if (strncmp(code, "iret", 4) == 0)
        fputs("IRETQ could not use the frame it popped: RIP is not canonical, or CS, SS or RFLAGS "
              "are "
              "not what was pushed (a push too many, or too few?)",
              out);
    else if (strncmp(code, "wrmsr", 5) == 0 || strncmp(code, "rdmsr", 5) == 0)
        fputs("no such MSR, or a value it does not take", out);
    else if (strncmp(code, "mov cr", 6) == 0)
        fprintf(out, "'%s': the new value sets a bit that is reserved, or one that needs another",
                code);
    else if (event->ring == 3)
        fprintf(out, "the program may not do this: '%s'", code);
    else
        fprintf(out,
                "%s%s%sthe address it uses is not canonical, or what it does is not allowed here",
                code[0] ? "'" : "", code, code[0] ? "': " : "");
}

static void cause_undefined(const struct autopsy *a, const struct trace_event *event, FILE *out)
{
    char code[160];

    autopsy_code(a, event->rip, code, sizeof(code));
    if (strcmp(code, "ud2") == 0)
        fputs("UD2: the code says that this place is never reached", out);
    else if (code[0])
        fprintf(out, "'%s' is not enabled, or not what lies there any more: was code overwritten?",
                code);
    else
        fputs("what was executed there is no code: a wild jump", out);
}

static void cause_divide(const struct autopsy *a, const struct trace_event *event, FILE *out)
{
    (void)a;
    (void)event;
    fputs("a division by zero, or a quotient too large for its register", out);
}

/* The first open call that is no part of giving up. */
static void print_culprit(const struct autopsy *a, const struct open_exception *e, FILE *out)
{
    char name[256];

    for (unsigned i = 0; i < e->call_count; i++) {
        subject_function(a->subject, e->call[i], name, sizeof(name));
        if (strstr(name, "panic") || strstr(name, "assert_fail"))
            continue;
        fputs(", called by ", out);
        cli_print_safe(out, name);
        return;
    }
}

static void cause_breakpoint(const struct autopsy *a, const struct trace_event *event, FILE *out)
{
    fputs("the code stopped itself with INT3 in ", out);
    autopsy_place(out, a, event->rip);
    for (unsigned i = 0; i < a->chain_count; i++) {
        if (&a->chain[i].event == event)
            print_culprit(a, &a->chain[i], out);
    }
    fputs(": a panic or a failed assertion", out);
    if (a->last_line[0]) {
        fputs(", '", out);
        cli_print_safe(out, a->last_line);
        fputc('\'', out);
    }
}

static void cause_double(const struct autopsy *a, const struct trace_event *event, FILE *out)
{
    (void)a;
    (void)event;
    fputs("a double fault without a first exception on record", out);
}

static void cause_stack_segment(const struct autopsy *a, const struct trace_event *event, FILE *out)
{
    if (event->v[0] & ~UINT64_C(7))
        cause_selector(a, event, out);
    else
        fprintf(out, "RSP 0x%" PRIx64 ", or RBP, is not a canonical address", event->v[2]);
}

void autopsy_judge_cause(const struct autopsy *a, unsigned i, FILE *out)
{
    static cause_t *const causes[] = {
        [VECTOR_DE] = cause_divide,        [VECTOR_BP] = cause_breakpoint,
        [VECTOR_UD] = cause_undefined,     [VECTOR_DF] = cause_double,
        [VECTOR_TS] = cause_selector,      [VECTOR_NP] = cause_selector,
        [VECTOR_SS] = cause_stack_segment, [VECTOR_GP] = cause_protection,
    };
    const struct trace_event *event = &a->chain[i].event;
    char text[WORDS_MAX];

    if (event->what == VECTOR_PF)
        cause_fault(a, &a->chain[i], out);
    else if (event->what < sizeof(causes) / sizeof(causes[0]) && causes[event->what])
        causes[event->what](a, event, out);
    else
        fprintf(out, "%s: see the instruction", words_exception(event->what, text));
}
