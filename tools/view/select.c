#include "select.h"

#include <string.h>

/* In this order kinds are given up. Stores into tables are not: the picture is made of them. */
static const uint8_t dispensable[] = {
    EVENT_USER_STATE, EVENT_OUT, EVENT_OUT_VALUE, EVENT_ENTRY_AD, EVENT_RETURN, EVENT_CALL,
};

enum { COM1 = 0x3f8, COM1_PORTS = 8, DEBUG_PORT = 0xe9, LPT1 = 0x378, LPT1_PORTS = 3 };

bool selection_is_text(const struct trace_event *event)
{
    return event->kind == EVENT_OUT &&
           (event->what == DEBUG_PORT || event->what - LPT1 < LPT1_PORTS ||
            event->what - COM1 < COM1_PORTS);
}

bool selection_has(const struct selection *selection, const struct trace_event *event)
{
    return !selection->drop[event->kind] && !selection_is_text(event);
}

struct counts {
    uint64_t kind[EVENT_KINDS];
    uint64_t first_user; /* the first event in ring 3; UINT64_MAX: none */
};

static bool counts_visit(void *arg, uint64_t n, const struct trace_event *event)
{
    struct counts *counts = arg;

    if (!selection_is_text(event))
        counts->kind[event->kind]++;
    if (event->ring == 3 && counts->first_user == UINT64_MAX)
        counts->first_user = n;
    return true;
}

static uint64_t counts_kept(const struct counts *counts, const struct selection *selection)
{
    uint64_t kept = 0;

    for (unsigned kind = 0; kind < EVENT_KINDS; kind++)
        kept += selection->drop[kind] ? 0 : counts->kind[kind];
    return kept;
}

static void selection_scan(struct selection *selection, struct trace *trace, struct counts *counts)
{
    *counts = (struct counts){ .first_user = UINT64_MAX };
    trace_scan(trace, selection->from, selection->to, counts_visit, counts);
    selection->kept = counts_kept(counts, selection);
}

struct cut_search {
    const struct selection *selection;
    uint64_t left, end;
};

static bool cut_visit(void *arg, uint64_t n, const struct trace_event *event)
{
    struct cut_search *search = arg;

    if (selection_has(search->selection, event) && search->left-- == 0) {
        search->end = n;
        return false;
    }
    return true;
}

/* A window of as many events as may be, a quarter of them before the place of interest. */
static void selection_cut(struct selection *selection, struct trace *trace, uint64_t center,
                          uint64_t limit)
{
    struct cut_search search = { selection, limit, selection->to };
    struct counts counts;

    if (center > selection->from + limit / 4)
        selection->from = center - limit / 4;
    trace_scan(trace, selection->from, selection->to, cut_visit, &search);
    selection->to = search.end;
    selection->cut = true;
    selection_scan(selection, trace, &counts);
}

void selection_make(struct selection *selection, struct trace *trace,
                    const struct selection_wish *wish)
{
    struct counts counts;
    uint64_t center;

    *selection = (struct selection){ .total = trace_events(trace) };
    if (selection->total == 0)
        cli_fail(CLI_ERROR, "the trace holds no event; record it again");
    selection->from = trace_find_tick(trace, wish->from_tick);
    selection->to =
        wish->to_tick == UINT64_MAX ? selection->total : trace_find_tick(trace, wish->to_tick + 1);
    if (selection->from >= selection->to)
        cli_fail(CLI_USAGE, "the trace has no event between these ticks; ./quire trace stat tells"
                            " its first and last");
    selection_scan(selection, trace, &counts);
    for (size_t i = 0; i < sizeof(dispensable) && selection->kept > wish->limit; i++) {
        selection->drop[dispensable[i]] = true;
        selection->kept = counts_kept(&counts, selection);
    }
    if (selection->kept <= wish->limit)
        return;
    center =
        wish->near_tick != UINT64_MAX ? trace_find_tick(trace, wish->near_tick) : counts.first_user;
    selection_cut(selection, trace, center == UINT64_MAX ? selection->from : center, wish->limit);
}
