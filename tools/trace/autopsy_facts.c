/*
 * One pass over the trace, which keeps what is still open: exceptions that
 * nobody has returned from, and the last control transfers.
 */
#include "autopsy.h"
#include "lpt.h"
#include "stream.h"
#include "words.h"

#include <stdlib.h>
#include <string.h>

enum { PORT_DEBUG = 0xe9, PORT_EXIT = 0xf4, EXIT_PANIC = 61 };

struct facts {
    struct autopsy *autopsy;
    struct lpt lpt;
    struct stream stream;
    char said[160]; /* the last line on the debug console */
};

static void facts_add_move(struct autopsy *a, struct move move)
{
    a->ring[a->ring_count++ % RING_MAX] = move;
}

static void open_push(struct autopsy *a, const struct open_exception *e)
{
    if (a->open_count == CHAIN_MAX) {
        memmove(&a->open[1], &a->open[2], (CHAIN_MAX - 2) * sizeof(a->open[0]));
        a->open_count--;
        a->open_dropped++;
    }
    a->open[a->open_count++] = *e;
}

/* Back in ring 3: whatever was open in that space is done with. */
static void open_drop_space(struct autopsy *a, unsigned space)
{
    unsigned kept = 0;

    for (unsigned i = 0; i < a->open_count; i++) {
        if (a->open[i].space != space)
            a->open[kept++] = a->open[i];
    }
    a->open_count = kept;
    a->open_dropped = 0;
    a->user_open[space].number = 0;
}

/* IRETQ to ring 0 ends the youngest exception there; a device's interrupt has none. */
static void open_return_to_kernel(struct autopsy *a, uint64_t to)
{
    for (unsigned i = a->open_count; i-- > 0;) {
        const struct trace_event *e = &a->open[i].event;

        if (e->ring == 3)
            return;
        /* Exactly there, or behind the instruction, as after INT3. */
        if (to >= e->rip && to - e->rip <= 16) {
            a->open_count = i;
            return;
        }
    }
}

/* An exception with what was going on when it came. */
static struct open_exception facts_open(const struct autopsy *a, uint64_t n,
                                        const struct trace_event *event)
{
    struct open_exception e = { n, *event, a->cursor.current, a->ring_count, 0, { 0 } };

    while (e.call_count < CALLS_SHOWN && e.call_count < a->call_depth) {
        e.call[e.call_count] = a->call[a->call_depth - 1 - e.call_count].addr;
        e.call_count++;
    }
    return e;
}

static void facts_take_exception(struct autopsy *a, uint64_t n, const struct trace_event *event)
{
    struct open_exception e = facts_open(a, n, event);

    if (a->repeated.rip == event->rip && a->repeated.what == event->what &&
        a->repeated.v[1] == event->v[1])
        a->repeats++;
    else
        a->repeats = 0;
    a->repeated = *event;
    open_push(a, &e);
    if (event->ring == 3)
        a->user_open[e.space] = e;
    facts_add_move(a, (struct move){ MOVE_EXCEPTION, event->tick, event->rip, 0, event->what });
}

/* The kernel's own INT3 is an exception of its making: that is how many panic. */
static void facts_take_int3(struct autopsy *a, uint64_t n, const struct trace_event *event)
{
    struct open_exception e = facts_open(a, n, event);

    if (!autopsy_code_is(a, event->v[0], "int3"))
        return;
    e.event = (struct trace_event){ .tick = event->tick,
                                    .rip = event->v[0],
                                    .v = { 0, 0, event->v[4] },
                                    .what = VECTOR_BP,
                                    .kind = EVENT_EXCEPTION };
    open_push(a, &e);
}

static void facts_take_transfer(struct autopsy *a, uint64_t n, const struct trace_event *event)
{
    bool returns = event->what == TRANSFER_IRET || event->what == TRANSFER_SYSRET;

    if (event->what == TRANSFER_INT && (event->v[2] & 3) == 0)
        facts_take_int3(a, n, event);
    facts_add_move(
        a, (struct move){ MOVE_TRANSFER, event->tick, event->v[0], event->v[1], event->what });
    if (returns && (event->v[3] & 3) == 3)
        open_drop_space(a, a->cursor.current);
    else if (returns)
        open_return_to_kernel(a, event->v[1]);
}

static void facts_take_interrupt(struct autopsy *a, const struct trace_event *event)
{
    if (event->what < VECTOR_FIRST_DEVICE && event->what != VECTOR_NMI)
        return;
    a->has_interrupt = true;
    a->interrupt = *event;
    a->interrupts++;
    facts_add_move(a, (struct move){ MOVE_INTERRUPT, event->tick, event->rip, 0, event->what });
}

static void facts_take_status(void *context, char type, const char *data, size_t len)
{
    struct autopsy *a = context;

    if (type == 'S')
        snprintf(a->status, sizeof(a->status), "%.*s", (int)len, data);
    else if (type == 'L' && strcmp(a->status, "panic") == 0 && !a->last_line[0])
        snprintf(a->last_line, sizeof(a->last_line), "%.*s", (int)len, data);
}

static void facts_take_said(struct facts *facts, char c)
{
    size_t used = strlen(facts->said);

    if (used > 0 && facts->said[used - 1] == '\n')
        used = 0;
    if (used < sizeof(facts->said) - 1) {
        facts->said[used] = c;
        facts->said[used + 1] = '\0';
    }
}

/* A kernel that gives up before it has a stream to the host says so by this port alone. */
static void facts_take_exit(struct facts *facts)
{
    struct autopsy *a = facts->autopsy;

    if (a->status[0])
        return;
    snprintf(a->status, sizeof(a->status), "panic");
    snprintf(a->last_line, sizeof(a->last_line), "%.*s", (int)strcspn(facts->said, "\n"),
             facts->said);
}

static void facts_take_out(struct facts *facts, const struct trace_event *event)
{
    uint8_t byte;

    if (lpt_step(&facts->lpt, event, &byte))
        stream_feed(&facts->stream, &byte, 1);
    else if (event->what == PORT_DEBUG)
        facts_take_said(facts, (char)event->v[0]);
    else if (event->what == PORT_EXIT && event->v[0] == EXIT_PANIC)
        facts_take_exit(facts);
}

static void facts_take_branch(struct autopsy *a, const struct trace_event *event)
{
    static const enum move_kind kinds[] = {
        [BRANCH_JUMP] = MOVE_JUMP, [BRANCH_CALL] = MOVE_CALL, [BRANCH_RETURN] = MOVE_RETURN
    };

    if (a->branch_count < BRANCHES_MAX && event->what <= BRANCH_RETURN)
        a->branch[a->branch_count++] =
            (struct move){ kinds[event->what], event->tick, event->v[0], event->v[1], 0 };
}

static void calls_push(struct autopsy *a, const struct trace_event *event)
{
    if (a->call_depth < CALLS_MAX)
        a->call[a->call_depth++] = (struct open_call){ event->what, event->rip };
}

/* The innermost call of that function ends, and all within it that were left otherwise. */
static void calls_pop(struct autopsy *a, const struct trace_event *event)
{
    for (unsigned i = a->call_depth; i-- > 0;) {
        if (a->call[i].what == event->what) {
            a->call_depth = i;
            return;
        }
    }
}

static void facts_take_call(struct autopsy *a, const struct trace_event *event, bool call)
{
    facts_add_move(a, (struct move){ call ? MOVE_CALL : MOVE_RETURN, event->tick, 0,
                                     call ? event->rip : event->v[1], event->what });
    if (call)
        calls_push(a, event);
    else
        calls_pop(a, event);
}

static void facts_take_msr(struct autopsy *a, const struct trace_event *event)
{
    if (event->what == 0xc0000080)
        a->efer = event->v[0];
}

static void facts_take_end(struct autopsy *a, const struct trace_event *event)
{
    a->end = event->what;
    a->end_tick = event->tick;
}

static void facts_take(struct facts *facts, uint64_t n, const struct trace_event *event)
{
    struct autopsy *a = facts->autopsy;

    switch (event->kind) {
    case EVENT_START:
        a->first_tick = event->tick;
        a->efer = event->v[3];
        break;
    case EVENT_EXCEPTION:
        facts_take_exception(a, n, event);
        break;
    case EVENT_TRANSFER:
        facts_take_transfer(a, n, event);
        break;
    case EVENT_INTERRUPT:
        facts_take_interrupt(a, event);
        break;
    case EVENT_CALL:
    case EVENT_RETURN:
        facts_take_call(a, event, event->kind == EVENT_CALL);
        break;
    case EVENT_CR:
        a->has_cr3_load |= event->what == 3;
        if (event->what == 3)
            a->cr3_load = *event;
        break;
    case EVENT_STALE_CPU:
        if (a->stale_uses++ == 0)
            a->stale = *event;
        break;
    case EVENT_WRMSR:
        facts_take_msr(a, event);
        break;
    case EVENT_OUT:
        facts_take_out(facts, event);
        break;
    case EVENT_BRANCH:
        facts_take_branch(a, event);
        break;
    case EVENT_SAMPLE:
        a->has_sample = true;
        a->sample = *event;
        break;
    case EVENT_END:
        facts_take_end(a, event);
        break;
    default:
        break;
    }
}

static bool facts_visit(void *arg, uint64_t n, const struct trace_event *event)
{
    struct facts *facts = arg;

    space_cursor_step(&facts->autopsy->cursor, n, event);
    if (event->kind != EVENT_BRANCH)
        facts->autopsy->end_tick = event->tick;
    facts_take(facts, n, event);
    return true;
}

/* What is open in the space that was loaded last led to the end. */
static void facts_find_chain(struct autopsy *a)
{
    for (unsigned i = 0; i < a->open_count; i++) {
        if (a->open[i].space == a->cursor.current)
            a->chain[a->chain_count++] = a->open[i];
    }
}

/* The youngest exception in ring 3 that its program has not come back from. */
static void facts_take_kill(struct autopsy *a)
{
    const struct open_exception *last = NULL;

    for (unsigned i = 0; i <= spaces_count(a->subject->spaces); i++) {
        const struct open_exception *e = &a->user_open[i];

        if (e->number && (!last || e->number > last->number))
            last = e;
    }
    a->chain_count = last ? 1 : 0;
    if (last)
        a->chain[0] = *last;
}

static enum verdict facts_verdict(const struct autopsy *a)
{
    bool kernel_broke = a->chain_count > 0 && a->chain[a->chain_count - 1].event.ring == 0;

    switch (a->end) {
    case TRACE_END_TRIPLE_FAULT:
        return VERDICT_TRIPLE_FAULT;
    case TRACE_END_RESET:
        return VERDICT_RESET;
    case TRACE_END_HALTED:
        return a->chain_count ? VERDICT_PANIC : VERDICT_HALTED;
    case TRACE_END_TICKS:
    case TRACE_END_EVENTS:
    case TRACE_END_STOPPED:
        return VERDICT_HANG;
    case TRACE_END_SHUTDOWN:
        if (kernel_broke || strcmp(a->status, "panic") == 0)
            return VERDICT_PANIC;
        return strncmp(a->status, "signal", 6) == 0 ? VERDICT_KILLED : VERDICT_FINE;
    default:
        return VERDICT_UNKNOWN;
    }
}

void autopsy_find_facts(struct autopsy *a)
{
    struct trace *trace = a->subject->trace;
    struct facts *facts = cli_alloc(1, sizeof(*facts));

    facts->autopsy = a;
    stream_init(&facts->stream, facts_take_status, a);
    a->cursor.spaces = a->subject->spaces;
    a->ring = cli_alloc(RING_MAX, sizeof(*a->ring));
    a->user_open = cli_alloc(spaces_count(a->subject->spaces) + 1, sizeof(*a->user_open));
    trace_scan(trace, 0, trace_events(trace), facts_visit, facts);
    free(facts);
    facts_find_chain(a);
    a->verdict = facts_verdict(a);
    if (a->verdict == VERDICT_KILLED)
        facts_take_kill(a);
    /* A signal that somebody sent says nothing about the machine. */
    if (a->verdict == VERDICT_KILLED && a->chain_count == 0)
        a->verdict = VERDICT_FINE;
}
