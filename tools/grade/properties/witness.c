/* What programs report through the CPU. */
#include "define.h"

/* What the program's code says counts only as long as control came there by its own way. */
static const struct space *led_astray(const struct judgement *j, const struct report *report)
{
    const struct space *space =
        report->space < j->survey.spaces ? &j->survey.space[report->space] : NULL;

    return space && space->broken < report->event ? space : NULL;
}

static void fail_astray(struct judgement *j, const struct report *report, const struct space *space)
{
    static const char *const words[] = {
        [WAY_KEPT] = "",
        [WAY_START] = "where no program begins and no other process had called fork",
        [WAY_PLACE] = "where it had not left ring 3",
        [WAY_REGISTERS] = "with other registers than it had when it left ring 3",
        [WAY_PARENT] = "as the child of a process that had been led astray",
    };
    const struct trace_event *event = trace_event(j->run->trace, space->broken);
    char who[LABEL_MAX];

    judgement_fail_at(j, space->broken,
                      "Step %" PRIu64 " was reached at tick %" PRIu64 ", but it does not count: at "
                      "tick %" PRIu64 " the kernel let %s go on at 0x%" PRIx64 ", %s.",
                      report->id, report->tick, event ? event->tick : 0, space_label(space, who),
                      event ? event->v[1] : 0, words[space->break_is]);
}

static const char *not_genuine(const struct judgement *j, const struct report *report)
{
    struct trace *trace = j->run->trace;
    const struct trace_event *event = trace_event(trace, report->event);

    return event && event->what == 2 ? "it was not ring 3 that came there"
                                     : "the code there is not what the program's file has";
}

static bool report_counts(const struct judgement *j, const struct report *report, long long step)
{
    long long process = with_integer(j, "process", 0);

    return report->kind == EVENT_WITNESS && report->id == (uint64_t)step &&
           report->event >= j->from && report->event < j->until &&
           (!process || (report->space < j->survey.spaces &&
                         j->survey.space[report->space].process == process));
}

static bool judge_value(struct judgement *j, const struct report *report, const char *name,
                        uint64_t got)
{
    const struct space *space =
        report->space < j->survey.spaces ? &j->survey.space[report->space] : NULL;
    uint64_t want;
    char who[LABEL_MAX];

    if (!with_has(j, name))
        return true;
    if (!with_value(j, name, 0, &want))
        return false;
    if (got == want)
        return true;
    judgement_fail_at(j, report->event,
                      "%s came to step %" PRIu64 " at tick %" PRIu64 ", but with 0x%" PRIx64
                      " as %s: by what the recorder had given it, memory kept intact would make "
                      "that 0x%" PRIx64 ".",
                      space_label(space, who), report->id, report->tick, got, name, want);
    return false;
}

/* Count the reports of a step that are right. False: one is not. */
static bool witness_count(struct judgement *j, long long step, uint64_t *count)
{
    *count = 0;
    for (size_t i = 0; i < j->survey.reports; i++) {
        const struct report *report = &j->survey.report[i];
        const struct space *astray = led_astray(j, report);

        if (!report_counts(j, report, step))
            continue;
        if (!report->genuine) {
            judgement_fail_at(j, report->event,
                              "Step %lld was reached at tick %" PRIu64
                              ", but it does not count: %s.",
                              step, report->tick, not_genuine(j, report));
            return false;
        }
        if (!judge_value(j, report, "value", report->value) ||
            !judge_value(j, report, "a", report->a) || !judge_value(j, report, "b", report->b))
            return false;
        if (astray) {
            fail_astray(j, report, astray);
            return false;
        }
        (*count)++;
    }
    return true;
}

PROPERTY(witness, "Control came to the program's own code with the right values",
         INTEGER_("step", "of the program"), VALUE("value", "that it must report"),
         VALUE("a", "likewise"), VALUE("b", "likewise"),
         INTEGER("count", "how often exactly; missing: at least once"),
         BOOLEAN("at_least", "count is a lower bound"))
{
    long long step = with_integer(j, "step", 0), count = with_integer(j, "count", 1);
    bool exactly = with_has(j, "count") && !with_boolean(j, "at_least", false);
    uint64_t seen;

    if (!witness_count(j, step, &seen))
        return;
    if (seen == 0 && count > 0 && with_has(j, "process"))
        judgement_fail_at(j, NEVER,
                          "Process %lld never came to the program's step %lld (the run ended at "
                          "tick %" PRIu64 "; there were %u processes).",
                          with_integer(j, "process", 0), step, j->survey.last_tick,
                          j->survey.processes);
    else if (seen == 0 && count > 0)
        judgement_fail_at(j, NEVER,
                          "The program never came to its step %lld (the run ended at tick %" PRIu64
                          "; it reported %zu times in all).",
                          step, j->survey.last_tick, j->survey.reports);
    else if (exactly ? seen != (uint64_t)count : seen < (uint64_t)count)
        judgement_fail_at(j, NEVER,
                          "Step %lld was reached %" PRIu64 " times, but the program as written "
                          "comes there %lld times: some process did not get so far, or ran twice.",
                          step, seen, count);
    else
        judgement_note(j, "Step %lld was reached %" PRIu64 " times with the right values.", step,
                       seen);
}

PROPERTY(witness_absent, "Control never comes to this step", INTEGER_("step", "of the program"))
{
    long long step = with_integer(j, "step", 0);

    for (size_t i = 0; i < j->survey.reports; i++) {
        const struct report *report = &j->survey.report[i];

        if (report_counts(j, report, step))
            return judgement_fail_at(j, report->event,
                                     "The program came to its step %lld at tick %" PRIu64
                                     ", which is behind something that must not succeed.",
                                     step, report->tick);
    }
}

PROPERTY(witness_order, "The program's steps come in this order", INTEGERS("steps", "in order"))
{
    const struct report *before = NULL;
    long long step;

    for (size_t i = 0; with_integers(j, "steps", i, &step); i++) {
        const struct report *report = witness_find(j, (uint64_t)step, 0);

        if (!report)
            return judgement_fail_at(j, NEVER, "The program never came to its step %lld.", step);
        if (led_astray(j, report))
            return fail_astray(j, report, led_astray(j, report));
        if (before && report->event < before->event)
            return judgement_fail_at(j, report->event,
                                     "Step %" PRIu64 " came at tick %" PRIu64
                                     ", before step %" PRIu64 " at tick %" PRIu64
                                     "; it must come behind it.",
                                     report->id, report->tick, before->id, before->tick);
        before = report;
    }
}

PROPERTY(witness_per_process, "So many processes come to this step",
         INTEGER_("step", "of the program"))
{
    long long step = with_integer(j, "step", 0);
    bool *seen = calloc(j->survey.spaces + 1, sizeof(*seen));
    uint64_t count = 0;

    for (size_t i = 0; seen && i < j->survey.reports; i++) {
        const struct report *report = &j->survey.report[i];

        if (!report_counts(j, report, step) || !report->genuine ||
            report->space >= j->survey.spaces || led_astray(j, report))
            continue;
        count += !seen[report->space];
        seen[report->space] = true;
    }
    free(seen);
    judgement_need(j, count, 1, "another process that came to the step");
}

PROPERTY(challenges_genuine, "Every report comes from the unchanged program in ring 3")
{
    for (size_t i = 0; i < j->survey.reports; i++) {
        const struct report *report = &j->survey.report[i];

        if (!report->genuine)
            return judgement_fail_at(j, report->event,
                                     "A %s (%" PRIu64 ") at tick %" PRIu64 " does not count: %s.",
                                     report->kind == EVENT_WITNESS ? "witness" : "challenge",
                                     report->id, report->tick, not_genuine(j, report));
    }
    judgement_need(j, j->survey.reports, 1, "a report of the program");
}

PROPERTY(ticks_between, "Between two steps the machine executes no more than so much",
         INTEGER_("from", "step"), INTEGER_("to", "step"), INTEGER_("max", "instructions"))
{
    long long from = with_integer(j, "from", 0), to = with_integer(j, "to", 0);
    const struct report *a = witness_find(j, (uint64_t)from, 0);
    const struct report *b = witness_find(j, (uint64_t)to, 0);
    uint64_t max = (uint64_t)with_integer(j, "max", 0);

    if (!a || !b)
        return judgement_fail_at(j, NEVER, "The program never came to its step %lld.",
                                 a ? to : from);
    if (b->event < a->event)
        return judgement_fail_at(j, b->event, "Step %lld came before step %lld.", to, from);
    if (b->tick - a->tick > max)
        judgement_fail_at(j, b->event,
                          "From step %lld (tick %" PRIu64 ") to step %lld the machine executed "
                          "%" PRIu64 " instructions; %" PRIu64 " are enough.",
                          from, a->tick, to, b->tick - a->tick, max);
    else
        judgement_note(j, "%" PRIu64 " instructions.", b->tick - a->tick);
}
