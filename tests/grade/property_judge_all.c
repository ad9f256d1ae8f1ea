/*
 * Judge a trace by every property and fact, for the tests of real and of damaged
 * files: property_judge_all TRACE PROGRAM. One line each: "pass", "fail" or "none",
 * its name, what was said. The exit status tells only whether the file is a trace.
 */
#include "property.h"
#include "reader.h"
#include "replay.h"
#include "symbols.h"

#include <stdio.h>
#include <string.h>

/* Parameters that make each property look at something, whatever the program is. */
static const char *const parameters[] = {
    "{}",
    "{\"va\":\"0x700000000000\",\"bytes\":\"0x100000\",\"min\":0}",
    "{\"function\":\"sys_getpid\",\"value\":2,\"nth\":1}",
    "{\"function\":\"sys_getpid\"}",
    "{\"vector\":14}",
    "{\"max\":1000000}",
    "{\"ticks\":1000000}",
    "{\"max_ticks\":100000000}",
    "{\"step\":1}",
    "{\"step\":1,\"max\":5}",
    "{\"number\":39,\"value\":2}",
    "{\"from\":1,\"to\":2,\"max\":3}",
    "{\"outer\":\"as_clone_cow\",\"inner\":\"as_put\",\"max\":100}",
    "{\"alloc\":\"pmm_alloc\"}",
    "{\"alloc\":\"pmm_alloc\",\"largest\":3}",
    "{\"functions\":\"pmm_alloc\"}",
};

static void judge_property(const struct property *property, const struct run *run)
{
    struct verdict verdict = { .unjudged = true };
    char error[300];

    for (size_t i = 0; i < sizeof(parameters) / sizeof(parameters[0]); i++) {
        json_t *with = json_loads(parameters[i], 0, NULL);
        bool fits = property_check_parameters(property, with, error, sizeof(error));

        if (fits)
            property_judge(property, run, with, &verdict);
        json_decref(with);
        if (fits)
            break;
    }
    printf("%s %s %s\n",
           verdict.passed     ? "pass"
           : verdict.unjudged ? "none"
                              : "fail",
           property->name, verdict.text);
}

static void get_fact(const struct fact *fact, const struct run *run)
{
    uint64_t value;
    char error[700];

    for (size_t i = 0; i < sizeof(parameters) / sizeof(parameters[0]); i++) {
        json_t *with = json_loads(parameters[i], 0, NULL);
        bool known = fact_get(fact, run, with, &value, error, sizeof(error));

        json_decref(with);
        if (known) {
            printf("fact %s %llu\n", fact->name, (unsigned long long)value);
            return;
        }
    }
    printf("none %s %s\n", fact->name, error);
}

int main(int argc, char **argv)
{
    char error[300];
    struct trace *trace = argc == 3 ? trace_open(argv[1], error, sizeof(error)) : NULL;
    struct symbols *symbols = symbols_new();
    struct run run = { .trace = trace, .symbols = symbols, .mem_mib = 256, .program = argv[2] };

    if (!trace || !symbols) {
        symbols_free(symbols);
        trace_close(trace);
        return 1;
    }
    if (trace_parameter(trace, "kernel"))
        symbols_add(symbols, trace_parameter(trace, "kernel"), 0, error, sizeof(error));
    run.replay = replay_new(trace);
    for (const struct property *const *p = properties_all; *p; p++)
        judge_property(*p, &run);
    for (const struct fact *const *f = facts_all; *f; f++)
        get_fact(*f, &run);
    replay_free(run.replay);
    symbols_free(symbols);
    trace_close(trace);
    return 0;
}
