/*
 * record_events FILE [--rip] [KIND...]: a trace's events of these kinds (all), one a
 * line, as numbers: kind, what, level, ring, values; before them rip, if it is
 * asked for. For tests that compare.
 */
#include "reader.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool wanted(const char *name, char *const *kinds)
{
    if (!*kinds)
        return true;
    for (; *kinds; kinds++)
        if (strcmp(*kinds, name) == 0)
            return true;
    return false;
}

static void event_print(const struct trace_event *event)
{
    printf("%s %" PRIu32 " level %u ring %u:", event_kind_name(event->kind), event->what,
           event->level, event->ring);
    for (unsigned i = 0; i < event_value_count(event->kind); i++)
        printf(" %" PRIx64, event->v[i]);
    putchar('\n');
}

int main(int argc, char **argv)
{
    char error[256];
    struct trace *trace = argc > 1 ? trace_open(argv[1], error, sizeof(error)) : NULL;
    const bool rips = argc > 2 && strcmp(argv[2], "--rip") == 0;

    if (!trace) {
        fprintf(stderr, "%s\n", argc > 1 ? error : "usage: record_events FILE [--rip] [KIND...]");
        return 2;
    }
    for (uint64_t n = 0; n < trace_events(trace); n++) {
        const struct trace_event *event = trace_event(trace, n);

        if (!event || !wanted(event_kind_name(event->kind), argv + 2 + rips))
            continue;
        if (rips)
            printf("%" PRIx64 " ", event->rip);
        event_print(event);
    }
    trace_close(trace);
    return 0;
}
