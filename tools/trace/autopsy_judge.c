/*
 * What to look at: why an exception could not be delivered, what it was, and
 * how a machine hangs.
 */
#include "autopsy.h"
#include "event_text.h"
#include "words.h"

#include <inttypes.h>
#include <string.h>

enum { ERROR_EXTERNAL = 1, ERROR_IDT = 2, PIC_FIRST_GATE = 8, PIC_LAST_GATE = 15 };

bool chain_is_delivery(const struct autopsy *a, unsigned i)
{
    const struct trace_event *e = &a->chain[i].event, *before;

    if (i == 0)
        return false;
    before = &a->chain[i - 1].event;
    return e->rip == before->rip && e->tick <= before->tick + 1;
}

static bool is_gate_error(const struct trace_event *event)
{
    return (event->what == VECTOR_GP || event->what == VECTOR_NP) && (event->v[0] & ERROR_IDT);
}

/* What the CPU was delivering when exception i came. */
static void print_delivered(const struct autopsy *a, unsigned i, unsigned gate, FILE *out)
{
    const struct trace_event *event = &a->chain[i].event;
    bool chained = chain_is_delivery(a, i);
    bool old_pic = gate >= PIC_FIRST_GATE && gate <= PIC_LAST_GATE;
    char text[WORDS_MAX];

    if (chained)
        fprintf(out, "%s", words_exception(a->chain[i - 1].event.what, text));
    else if (!(event->v[0] & ERROR_EXTERNAL))
        fprintf(out, "INT 0x%x", gate);
    else if (gate >= VECTOR_FIRST_DEVICE || old_pic)
        fprintf(out, "interrupt 0x%x of a device", gate);
    else
        fprintf(out, "vector %u", gate);
}

static void judge_gate(const struct autopsy *a, unsigned i, FILE *out)
{
    const struct trace_event *event = &a->chain[i].event;
    unsigned gate = event->v[0] >> 3 & 0x1fff;
    bool device = !chain_is_delivery(a, i) && (event->v[0] & ERROR_EXTERNAL);

    print_delivered(a, i, gate, out);
    fprintf(out, " could not be delivered: the IDT has no usable gate %u ", gate);
    if (device)
        fputs("(interrupts were switched on before LIDT, or the device is not masked)", out);
    else
        fputs("(LIDT not done, its limit too small, or the gate not present or not a 64-bit one)",
              out);
}

/* A page fault while an exception was being delivered: which memory did the CPU need? */
static void judge_delivery_fault(const struct autopsy *a, unsigned i, FILE *out)
{
    const struct trace_event *event = &a->chain[i].event, *first = &a->chain[i - 1].event;
    uint64_t va = event->v[1], rsp = first->v[2];
    char text[WORDS_MAX];

    fprintf(out, "%s could not be delivered: ", words_exception(first->what, text));
    if (event->v[0] & ERROR_W) {
        fprintf(out, "the stack for its frame, at 0x%" PRIx64 ", %s", va,
                event->v[0] & ERROR_P ? "may not be written" : "is not mapped");
        if (first->ring == 3)
            fputs(": look at RSP0 in the TSS", out);
        else if (va >= rsp || rsp - va >= 4096)
            fputs(": look at the IST entry in the TSS", out);
        else if (a->verdict == VERDICT_TRIPLE_FAULT)
            fputs("; with an IST stack for double faults the kernel could have said so", out);
    } else {
        fprintf(out,
                "the CPU read 0x%" PRIx64 ", which is not mapped: %s there? (gate %u of an IDT at "
                "0x%" PRIx64 " would be)",
                va, "is the IDT, GDT or TSS", first->what, va - 16 * first->what);
    }
}

static void judge_delivery(const struct autopsy *a, unsigned i, FILE *out)
{
    const struct trace_event *event = &a->chain[i].event;
    char text[WORDS_MAX];
    unsigned selector = event->v[0] & 0xfff8;

    if (is_gate_error(event)) {
        judge_gate(a, i, out);
        return;
    }
    if (event->what == VECTOR_PF) {
        judge_delivery_fault(a, i, out);
        return;
    }
    fprintf(out, "%s could not be delivered: ", words_exception(a->chain[i - 1].event.what, text));
    if (event->what == VECTOR_TS)
        fprintf(out, "the TSS (selector 0x%x) has no valid stack for it: look at RSP0 and IST",
                selector);
    else if (selector)
        fprintf(out, "its gate's code segment 0x%x is not usable: look at the GDT and the gate",
                selector);
    else if (event->what == VECTOR_SS || event->what == VECTOR_GP)
        fputs("the stack for its frame is not a canonical address, or its gate's target is not: "
              "look at RSP0 and IST in the TSS, and at the gate",
              out);
    else
        fprintf(out, "%s came instead", words_exception(event->what, text));
}

/* The exception itself, then why it became worse. */
static void judge_chain(const struct autopsy *a, FILE *out)
{
    bool gate_first = is_gate_error(&a->chain[0].event);

    fputs("  - ", out);
    if (gate_first)
        judge_gate(a, 0, out);
    else
        autopsy_judge_cause(a, 0, out);
    fputc('\n', out);
    for (unsigned i = 1; i < a->chain_count; i++) {
        if (a->chain[i].event.what == VECTOR_DF)
            continue;
        fputs("  - ", out);
        if (chain_is_delivery(a, i)) {
            judge_delivery(a, i, out);
        } else {
            fputs("the handler broke too: ", out);
            autopsy_judge_cause(a, i, out);
        }
        fputc('\n', out);
        return;
    }
}

static void judge_repeats(const struct autopsy *a, FILE *out)
{
    char text[WORDS_MAX];

    fprintf(out, "  - %s at ", words_exception(a->repeated.what, text));
    autopsy_place(out, a, a->repeated.rip);
    fprintf(out,
            " came %" PRIu64 " times in a row: its handler returns without mending it, or "
            "without flushing the TLB\n",
            a->repeats + 1);
}

/* The last jumps: which functions do they stay in? */
static void print_loop(const struct autopsy *a, FILE *out)
{
    uint64_t low = UINT64_MAX, high = 0;
    char from[256], to[256];

    for (unsigned i = 0; i < a->move_count; i++) {
        const struct move *move = &a->move[i];

        if (move->kind > MOVE_RETURN || !move->from)
            continue;
        low = move->to < low ? move->to : low;
        high = move->from > high ? move->from : high;
    }
    if (low > high) {
        fputs(" in ", out);
        autopsy_place(out, a, a->sample.v[0]);
        return;
    }
    fputs(" in ", out);
    autopsy_place(out, a, a->sample.v[0]);
    subject_function(a->subject, low, from, sizeof(from));
    if (strcmp(from, subject_function(a->subject, high, to, sizeof(to))) != 0)
        fprintf(out, "; its last branches lie between %s and %s", from, to);
}

/* Was the kernel, at its end, known to do anything but sleep until an interrupt? */
static bool kernel_computes(const struct autopsy *a)
{
    char text[WORDS_MAX];

    if (!a->has_sample || a->sample.ring != 0 ||
        !*code_at(a->subject->code, a->sample.v[0], text, sizeof(text)))
        return false;
    return strcmp(code_at(a->subject->code, a->sample.v[0] - 1, text, sizeof(text)), "hlt") != 0;
}

static void judge_hang(const struct autopsy *a, FILE *out)
{
    bool off = a->has_sample && !(a->sample.v[2] & RFLAGS_IF);

    if (a->repeats >= LOOP_REPEATS) {
        judge_repeats(a, out);
        return;
    }
    fprintf(out, "  - %s goes round",
            a->has_sample && a->sample.ring == 3 ? "the program" : "the CPU");
    if (a->has_sample)
        print_loop(a, out);
    fputc('\n', out);
    if (off && a->sample.ring == 0) {
        fputs(
            "  - interrupts are off, so no timer can end it: a lock that is never released, a wait "
            "for an interrupt that cannot come, or a missing STI",
            out);
        if (a->has_interrupt)
            fprintf(out, "; the last interrupt came at tick %" PRIu64, a->interrupt.tick);
        fputc('\n', out);
    } else if (a->has_sample && a->sample.ring == 3 && a->has_interrupt) {
        fprintf(out,
                "  - the kernel is well: interrupts still arrive (the last at tick %" PRIu64 ")\n",
                a->interrupt.tick);
    } else if (!a->has_interrupt) {
        fputs("  - no interrupt of a device ever came: is the timer set up and unmasked?\n", out);
    } else {
        fprintf(out, "  - interrupts still arrive (the last at tick %" PRIu64 "): %s\n",
                a->interrupt.tick,
                kernel_computes(a) ? "the loop does not end for them"
                                   : "the kernel lives, something waits in vain");
    }
}

static void judge_halted(const struct autopsy *a, FILE *out)
{
    fputs("  - the kernel stopped the CPU itself, with HLT and interrupts off", out);
    if (a->has_sample) {
        fputs(", in ", out);
        autopsy_place(out, a, a->sample.v[0] - 1);
    }
    fputs(": its way to give up; or STI is missing before it\n", out);
}

static void judge_stale(const struct autopsy *a, FILE *out)
{
    if (a->stale_uses == 0 || a->verdict == VERDICT_FINE)
        return;
    fprintf(out,
            "  - before, the CPU used translations that the tables no longer held, %" PRIu64
            " times, first at tick %" PRIu64 " for 0x%" PRIx64 " in ",
            a->stale_uses, a->stale.tick, a->stale.v[0]);
    autopsy_place(out, a, a->stale.rip);
    fputs(": a flush is missing\n", out);
}

static void judge_end(const struct autopsy *a, FILE *out)
{
    switch (a->verdict) {
    case VERDICT_TRIPLE_FAULT:
    case VERDICT_PANIC:
    case VERDICT_KILLED:
        if (a->chain_count)
            judge_chain(a, out);
        else
            fputs("  - the kernel gave up without an exception; see what it printed\n", out);
        break;
    case VERDICT_HANG:
        judge_hang(a, out);
        break;
    case VERDICT_HALTED:
        judge_halted(a, out);
        break;
    case VERDICT_RESET:
        fputs("  - the machine was reset by a port (0x64, 0xcf9), not by a fault\n", out);
        break;
    case VERDICT_UNKNOWN:
        fputs("  - the trace ends without saying why: the recorder was killed\n", out);
        break;
    case VERDICT_FINE:
        break;
    }
}

void autopsy_judge(const struct autopsy *a, FILE *out)
{
    judge_end(a, out);
    judge_stale(a, out);
}
