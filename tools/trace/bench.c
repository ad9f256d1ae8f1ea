/*
 * How fast a trace is read: one line for each way of reading, in events a second
 * of this process' CPU time, so that other load on the machine matters little.
 * Of several tries the best counts, for the same reason.
 */
#include "bench.h"

#include "cli.h"
#include "help.h"
#include "reader.h"
#include "replay.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

enum { SEEKS = 40 };

#define SECONDS_AT_LEAST 0.3

/* What is measured: one pass; returns the number of events read, 0 if the trace is damaged. */
typedef uint64_t pass_fn(struct trace *trace);

static double cpu_seconds(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_utime.tv_sec + (double)usage.ru_utime.tv_usec / 1e6 +
           (double)usage.ru_stime.tv_sec + (double)usage.ru_stime.tv_usec / 1e6;
}

/* ---- what is measured ---- */

/* A visitor that looks at each event, as a property of a grader would. */
static bool count_user(void *arg, uint64_t n, const struct trace_event *event)
{
    uint64_t *const user = arg;
    (void)n;
    *user += event->ring == 3;
    return true;
}

static uint64_t pass_scan(struct trace *trace)
{
    uint64_t user = 0;
    return trace_scan(trace, 0, UINT64_MAX, count_user, &user) ? trace_events(trace) : 0;
}

static uint64_t pass_events(struct trace *trace)
{
    const uint64_t events = trace_events(trace);
    uint64_t user = 0;
    for (uint64_t n = 0; n < events; n++) {
        const struct trace_event *const event = trace_event(trace, n);
        if (!event)
            return 0;
        user += event->ring == 3;
    }
    return user <= events ? events : 0;
}

static uint64_t pass_replay(struct trace *trace)
{
    struct replay *const replay = replay_new(trace);
    const bool done = replay && replay_seek(replay, UINT64_MAX);
    replay_free(replay);
    return done ? trace_events(trace) : 0;
}

/* ---- measuring ---- */

/* Events a second; 0 if the trace is damaged. */
static double measure(struct trace *trace, const char *name, pass_fn *pass)
{
    const double start = cpu_seconds();
    double best = 0, spent = 0;
    while (spent < SECONDS_AT_LEAST) {
        const double before = cpu_seconds();
        /* A pass over a small trace is shorter than the clock can tell. */
        uint64_t events = 0;
        double seconds = 0;
        while (seconds < SECONDS_AT_LEAST / 10) {
            const uint64_t read = pass(trace);
            if (read == 0)
                return 0;
            events += read;
            seconds = cpu_seconds() - before;
        }
        const double rate = (double)events / seconds;
        best = rate > best ? rate : best;
        spent = cpu_seconds() - start;
    }
    printf("%-20s %8.1f million events/s\n", name, best / 1e6);
    return best;
}

/* Far jumps, as a viewer's slider makes them; checkpoints are there. */
static bool measure_seeks(struct trace *trace)
{
    struct replay *const replay = replay_new(trace);
    const uint64_t events = trace_events(trace);
    bool done = replay && replay_seek(replay, events);
    uint64_t place = 0;
    const double start = cpu_seconds();
    for (unsigned i = 0; i < SEEKS && done; i++) {
        place = (place + events / 8 * 5 + 12345) % events;
        done = replay_seek(replay, place);
    }
    if (done)
        printf("%-20s %8.2f ms each\n", "replay, far seeks",
               (cpu_seconds() - start) * 1000 / SEEKS);
    replay_free(replay);
    return done;
}

static bool measure_all(struct trace *trace, double *scan)
{
    *scan = measure(trace, "trace_scan", pass_scan);
    return *scan > 0 && measure(trace, "trace_event", pass_events) > 0 &&
           measure(trace, "replay, start to end", pass_replay) > 0 && measure_seeks(trace);
}

int bench_main(int argc, char **argv)
{
    char error[256];
    double scan;
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        help_print("bench");
        return CLI_DONE;
    }
    if (argc < 2 || argc > 3 || argv[1][0] == '-')
        cli_fail(CLI_USAGE, "usage: ./quire trace bench FILE [MILLIONS]");
    const uint64_t wanted = argc == 3 ? cli_option_number("MILLIONS", argv[2]) : 0;
    struct trace *const trace = trace_open(argv[1], error, sizeof error);
    if (!trace)
        cli_fail(CLI_ERROR, "%s", error);
    if (trace_events(trace) == 0)
        cli_fail(CLI_ERROR, "%s: no events to read", argv[1]);
    printf("%-20s %8" PRIu64 " events\n", "read", trace_events(trace));
    if (!measure_all(trace, &scan))
        cli_fail(CLI_ERROR, "%s: damaged", argv[1]);
    trace_close(trace);
    return scan / 1e6 < (double)wanted ? CLI_FAILED : CLI_DONE;
}
