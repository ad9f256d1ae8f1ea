/* Calls of the kernel's functions that the rubric had recorded. */
#include "define.h"

enum { DEPTH_MAX = 64 };

/* The place of the function that a parameter names; -1 with the verdict refused. */
static int recorded(struct judgement *j, const char *parameter)
{
    const char *name = with_text(j, parameter, "");
    int place = call_place(j, name);

    if (place < 0)
        judgement_refuse(j, "Calls of %.60s are not recorded: the run's `calls` must name it.",
                         name);
    return place;
}

static bool event_is_call(const struct trace_event *event, int place)
{
    return event->kind == EVENT_CALL && (int)event->what == place;
}

static bool event_is_return(const struct trace_event *event, int place)
{
    return event->kind == EVENT_RETURN && (int)event->what == place;
}

PROPERTY(call_count, "The function is called so often", TEXT_("function", "of the kernel"),
         INTEGER("max", "calls at most"))
{
    const char *name = with_text(j, "function", "");
    long long max = with_integer(j, "max", -1);
    int place = recorded(j, "function");
    uint64_t calls = 0;
    char what[NAME_MAX_LEN + 16];

    while (place >= 0 && judgement_next(j)) {
        calls += j->inside && event_is_call(&j->event, place);
        if (max >= 0 && calls > (uint64_t)max)
            return judgement_fail(j,
                                  "%.60s was called %" PRIu64 " times by tick %" PRIu64
                                  "; %lld calls are enough here.",
                                  name, calls, j->event.tick, max);
    }
    snprintf(what, sizeof(what), "a call of %.100s", name);
    judgement_need(j, calls, 1, what);
}

PROPERTY(call_result, "The function returns this", TEXT_("function", "of the kernel"),
         VALUE("value", "its result"), INTEGER("nth", "of its returns, from 1; missing: all"),
         BOOLEAN("narrow", "compare 32 bits, for an int or an enum (default true)"))
{
    const char *name = with_text(j, "function", "");
    bool narrow = with_boolean(j, "narrow", true);
    long long nth = with_integer(j, "nth", 0);
    int place = recorded(j, "function");
    uint64_t want, returns = 0;

    if (place < 0 || !with_value(j, "value", 0, &want))
        return;
    while (judgement_next(j)) {
        uint64_t got = j->event.v[0];

        if (!j->inside || !event_is_return(&j->event, place))
            continue;
        returns++;
        if ((nth > 0 && returns != (uint64_t)nth) ||
            (narrow ? (uint32_t)got == (uint32_t)want : got == want))
            continue;
        return judgement_fail(
            j, "Return %" PRIu64 " of %.60s, at tick %" PRIu64 ", gave %lld; %lld is right here.",
            returns, name, j->event.tick, narrow ? (long long)(int32_t)got : (long long)got,
            narrow ? (long long)(int32_t)want : (long long)want);
    }
    judgement_need(j, returns, nth > 0 ? (uint64_t)nth : 1, "a return of the function");
}

PROPERTY(calls_nested, "One call leads to no more than so many of another function",
         TEXT_("outer", "function"), TEXT_("inner", "function"), INTEGER_("max", "calls"))
{
    int outer = recorded(j, "outer"), inner = recorded(j, "inner");
    uint64_t max = (uint64_t)with_integer(j, "max", 0), count = 0, calls = 0;
    unsigned depth = 0;

    if (outer < 0 || inner < 0)
        return;
    while (judgement_next(j)) {
        if (event_is_call(&j->event, outer) && depth++ == 0) {
            calls += j->inside;
            count = 0;
        } else if (event_is_return(&j->event, outer)) {
            depth -= depth > 0;
        }
        count += depth && j->inside && event_is_call(&j->event, inner);
        if (count > max)
            return judgement_fail(j,
                                  "One call of %.60s led to %" PRIu64 " calls of %.60s by tick "
                                  "%" PRIu64 "; %" PRIu64 " are enough.",
                                  with_text(j, "outer", ""), count, with_text(j, "inner", ""),
                                  j->event.tick, max);
    }
    judgement_need(j, calls, 1, "a call of the outer function");
}

/* ---- cost ---- */

/* A call that has not returned, and the time that interrupts took meanwhile. */
struct open_call {
    uint64_t tick, away;
};

struct cost {
    struct open_call open[DEPTH_MAX];
    unsigned depth;
    uint64_t interrupted_at, interrupted_rip; /* tick 0: not */
    uint64_t calls, sum, worst;
};

static void cost_interrupts(struct judgement *j, struct cost *cost)
{
    const struct trace_event *event = &j->event;

    if (event->kind == EVENT_INTERRUPT && cost->depth && !cost->interrupted_at) {
        cost->interrupted_at = event->tick;
        cost->interrupted_rip = event->rip;
    } else if (event->kind == EVENT_TRANSFER && event->what == TRANSFER_IRET &&
               cost->interrupted_at && event->v[1] == cost->interrupted_rip) {
        for (unsigned i = 0; i < cost->depth && i < DEPTH_MAX; i++)
            cost->open[i].away += event->tick - cost->interrupted_at;
        cost->interrupted_at = 0;
    }
}

static void cost_return(struct judgement *j, struct cost *cost, long long max)
{
    const struct open_call *call;
    uint64_t ticks;

    if (cost->depth == 0 || --cost->depth >= DEPTH_MAX)
        return;
    call = &cost->open[cost->depth];
    ticks = j->event.tick - call->tick - call->away;
    if (!j->inside)
        return;
    cost->calls++;
    cost->sum += ticks;
    if (ticks > cost->worst)
        cost->worst = ticks;
    if (max >= 0 && ticks > (uint64_t)max)
        judgement_fail(j,
                       "The call of %.60s that returns at tick %" PRIu64 " took %" PRIu64
                       " instructions; %lld are enough. Does the time grow with what it searches?",
                       with_text(j, "function", ""), j->event.tick, ticks, max);
}

PROPERTY(call_cost, "A call takes no more than so many instructions",
         TEXT_("function", "of the kernel"), INTEGER("max", "instructions of any call"),
         INTEGER("average", "instructions of all calls on average"))
{
    long long max = with_integer(j, "max", -1), average = with_integer(j, "average", -1);
    int place = recorded(j, "function");
    struct cost cost = { 0 };

    while (place >= 0 && judgement_next(j)) {
        cost_interrupts(j, &cost);
        if (event_is_call(&j->event, place)) {
            if (cost.depth < DEPTH_MAX)
                cost.open[cost.depth] = (struct open_call){ .tick = j->event.tick };
            cost.depth++;
        } else if (event_is_return(&j->event, place)) {
            cost_return(j, &cost, max);
        }
    }
    if (average >= 0 && cost.calls && cost.sum / cost.calls > (uint64_t)average)
        judgement_fail_at(j, NEVER,
                          "%.60s takes %" PRIu64 " instructions on average of %" PRIu64
                          " calls (the longest: %" PRIu64 "); %lld are enough.",
                          with_text(j, "function", ""), cost.sum / cost.calls, cost.calls,
                          cost.worst, average);
    judgement_need(j, cost.calls, 1, "a call of that function that returned");
}

/* ---- system calls ---- */

PROPERTY(syscall_result, "Ring 3 gets this from a system call",
         INTEGER_("number", "of the system call"), VALUE_("value", "its result"),
         INTEGER("nth", "of those calls, from 1; missing: all"))
{
    uint64_t number = (uint64_t)with_integer(j, "number", 0), want, results = 0;
    long long nth = with_integer(j, "nth", 0);
    bool *open = calloc(j->survey.spaces + 1, sizeof(*open));
    bool syscall = false;
    char who[LABEL_MAX];

    if (!open || !with_value(j, "value", 0, &want)) {
        free(open);
        return;
    }
    while (judgement_next(j)) {
        const struct trace_event *event = &j->event;

        if (event->kind == EVENT_TRANSFER)
            syscall = event->what == TRANSFER_SYSCALL;
        if (!j->space || event->kind != EVENT_USER_STATE)
            continue;
        if (event->what == 1) {
            open[j->space->index] = event->v[1] == number;
            continue;
        }
        if (!open[j->space->index] || !j->inside)
            continue;
        open[j->space->index] = false;
        results++;
        if ((nth > 0 && results != (uint64_t)nth) || event->v[1] == want)
            continue;
        judgement_fail(j,
                       "System call %" PRIu64 " gave %s %lld at tick %" PRIu64
                       "; the right result is %lld.",
                       number, space_label(j->space, who), (long long)event->v[1], event->tick,
                       (long long)want);
    }
    (void)syscall;
    free(open);
    judgement_need(j, results, nth > 0 ? (uint64_t)nth : 1, "a return from that system call");
}
