#include "judge.h"

#include "process.h"
#include "property.h"
#include "reader.h"
#include "replay.h"
#include "symbols.h"
#include "words.h"
#include "words_safe.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STALL_LINES = 6, AUTOPSY_BYTES = 16384 };

/* Where programs that can be anywhere are put, and where the kernel runs after its boot. */
#define PIE_BASE    UINT64_C(0x555555554000)
#define KERNEL_BASE UINT64_C(0xffffffff80000000)

void judge_place(const struct judge *j, uint64_t addr, char *function, char *where, size_t size)
{
    char *plus;

    function[0] = where[0] = '\0';
    if (addr < UINT64_C(1) << 22) /* before the kernel runs where it is linked */
        addr += KERNEL_BASE;
    symbols_name(j->symbols, addr, function, size);
    plus = strrchr(function, '+');
    if (plus)
        *plus = '\0';
    if (strncmp(function, "0x", 2) == 0)
        function[0] = '\0';
    if (!symbols_line(j->symbols, addr, where, size))
        where[0] = '\0';
    /* Programs are compiled with whole paths. */
    if (strncmp(where, QUIRE_ROOT "/", sizeof(QUIRE_ROOT)) == 0)
        memmove(where, where + sizeof(QUIRE_ROOT), strlen(where) - sizeof(QUIRE_ROOT) + 1);
}

static const char *end_name(struct trace *trace, uint64_t *ticks)
{
    static const char *const names[] = {
        [TRACE_END_SHUTDOWN] = "shutdown", [TRACE_END_HALTED] = "halted",
        [TRACE_END_TICKS] = "ticks",       [TRACE_END_EVENTS] = "events",
        [TRACE_END_RESET] = "reset",       [TRACE_END_TRIPLE_FAULT] = "triple-fault",
        [TRACE_END_STOPPED] = "stopped",
    };
    uint64_t count = trace_events(trace);
    const struct trace_event *last = count > 0 ? trace_event(trace, count - 1) : NULL;

    if (!last || last->kind != EVENT_END || last->what == 0 || last->what > TRACE_END_STOPPED)
        return NULL;
    *ticks = last->v[0];
    return names[last->what];
}

/* The autopsy's verdict and its sentences; empty if the machine ended as it should. */
static json_t *judge_stall(const struct judge *j)
{
    const struct machine *m = j->machine;
    const char *argv[] = { QUIRE_TRACE_TOOL, "autopsy", "--kernel", j->grading->kernel,
                           m->trace,         NULL,      NULL,       NULL };
    json_t *lines = json_array();
    char text[AUTOPSY_BYTES], *safe, *line, *rest;
    bool shown = true;

    if (m->program[0]) {
        argv[4] = "--program";
        argv[5] = m->program;
        argv[6] = m->trace;
    }
    if (process_read(argv, text, sizeof(text)) != 1)
        return lines;
    safe = rest = words_safe(text, sizeof(text));
    words_shorten(safe);
    for (size_t n = 0; (line = strsep(&rest, "\n")) && json_array_size(lines) < STALL_LINES; n++) {
        if (n < 2 || (shown && *line))
            json_array_append_new(lines, json_string(line + strspn(line, " ")));
        shown = n >= 2 ? shown : false;
        if (strcmp(line, "look at") == 0)
            shown = true;
    }
    free(safe);
    return lines;
}

static json_t *judge_check(const struct judge *j, const struct rubric_check *check,
                           const struct run *run)
{
    const struct trace_event *event;
    struct verdict verdict = { .event = UINT64_MAX };
    char function[256] = "", where[256] = "", *text;
    uint64_t tick = 0;
    json_t *result;

    property_judge(check->property, run, check->with, &verdict);
    if (verdict.passed)
        return json_pack("{s:b}", "passed", 1);
    event = verdict.event == UINT64_MAX ? NULL : trace_event(j->trace, verdict.event);
    if (event) {
        tick = event->tick;
        judge_place(j, event->rip - (event->kind != EVENT_EXCEPTION), function, where,
                    sizeof(function));
    }
    text = words_safe(verdict.text, sizeof(verdict.text));
    result = json_pack("{s:b, s:b, s:s, s:s, s:s, s:o, s:o}", "passed", 0, "unjudged",
                       (int)verdict.unjudged, "text", text, "function", function, "where", where,
                       "evidence", evidence_find(j, &verdict), "command",
                       evidence_command(j, &verdict, tick));
    if (event) {
        json_object_set_new(result, "tick", json_integer((json_int_t)tick));
        json_object_set_new(result, "page", evidence_page(j, tick));
    }
    free(text);
    return result;
}

static json_t *judge_fact(const struct judge *j, const struct rubric_check *check,
                          const struct run *run)
{
    const struct verdict whole = { .event = UINT64_MAX };
    char error[300] = "";
    uint64_t value;

    if (!fact_get(check->fact, run, check->with, &value, error, sizeof(error)))
        return json_pack("{s:s}", "error", error);
    return json_pack("{s:o, s:o}", "value", json_sprintf("%" PRIu64, value), "command",
                     evidence_command(j, &whole, 0));
}

static json_t *judge_all(const struct judge *j)
{
    const struct grading *g = j->grading;
    const struct machine *m = j->machine;
    const struct run run = { .id = m->run->id,
                             .trace = j->trace,
                             .replay = j->replay,
                             .symbols = j->symbols,
                             .key = m->key,
                             .seed = m->seed,
                             .mem_mib = m->run->mem_mib,
                             .program = m->program[0] ? m->program : NULL,
                             .kernel_path = g->kernel,
                             .trace_path = m->trace,
                             .rubric = m->run->table };
    json_t *checks = json_object(), *facts = json_object();
    bool failed = false;

    for (size_t i = 0; i < g->rubric->check_count; i++) {
        const struct rubric_check *check = &g->rubric->checks[i];

        if (!rubric_has_run(check) || &g->rubric->runs[check->run] != m->run ||
            !grading_wants(g, check))
            continue;
        if (check->kind == CHECK_PREDICTION) {
            json_object_set_new(facts, check->id, judge_fact(j, check, &run));
        } else {
            json_t *result = judge_check(j, check, &run);

            failed |= !json_is_true(json_object_get(result, "passed"));
            json_object_set_new(checks, check->id, result);
        }
    }
    return json_pack("{s:o, s:o, s:b}", "checks", checks, "facts", facts, "failed", (int)failed);
}

static json_t *judge_open(struct judge *j)
{
    const struct grading *g = j->grading;
    const struct machine *m = j->machine;
    char error[300] = "", hash[HASH_TEXT];
    const char *end, *bochs;
    uint64_t ticks = 0;
    json_t *outcome;

    j->trace = trace_open(m->trace, error, sizeof(error));
    if (!j->trace)
        return json_pack("{s:s}", "error", error);
    j->replay = replay_new(j->trace);
    j->symbols = symbols_new();
    end = end_name(j->trace, &ticks);
    if (!j->replay || !j->symbols || !end || !trace_is_complete(j->trace) ||
        !hash_file(m->trace, hash))
        return json_pack("{s:s}", "error", "the trace has no end: the recorder was cut off");
    symbols_add(j->symbols, g->kernel, 0, error, sizeof(error));
    if (m->program[0])
        symbols_add(j->symbols, m->program, PIE_BASE, error, sizeof(error));
    outcome = judge_all(j);
    bochs = trace_parameter(j->trace, "bochs");
    json_object_set_new(outcome, "trace", json_string(hash));
    json_object_set_new(outcome, "bochs", json_string(bochs ? bochs : "unknown"));
    json_object_set_new(outcome, "end", json_string(end));
    json_object_set_new(outcome, "ticks", json_integer((json_int_t)ticks));
    json_object_set_new(outcome, "events", json_integer((json_int_t)trace_events(j->trace)));
    if (json_is_true(json_object_get(outcome, "failed")) || strcmp(end, "shutdown") != 0)
        json_object_set_new(outcome, "stall", judge_stall(j));
    if (json_is_true(json_object_get(outcome, "failed")))
        json_object_set_new(outcome, "difference", difference_find(j));
    return outcome;
}

json_t *judge_machine(const struct grading *grading, const struct machine *machine)
{
    struct judge judge = { .grading = grading, .machine = machine };

    return judge_open(&judge); /* the process ends after this: nothing is given back */
}
