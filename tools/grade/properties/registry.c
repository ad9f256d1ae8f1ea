/* The tables of properties and facts, and how one is judged. */
#include "define.h"
#include "world.h"

#define ADDRESS(id) &property_##id,
const struct property *const properties_all[] = { PROPERTY_LIST(ADDRESS) LAB_PROPERTY_LIST(ADDRESS)
                                                      NULL };
#undef ADDRESS
#define ADDRESS(id) &fact_##id,
const struct fact *const facts_all[] = { FACT_LIST(ADDRESS) NULL };
#undef ADDRESS

const struct property *property_find(const char *name)
{
    for (const struct property *const *p = properties_all; *p; p++) {
        if (strcmp((*p)->name, name) == 0)
            return *p;
    }
    return NULL;
}

const struct fact *fact_find(const char *name)
{
    for (const struct fact *const *f = facts_all; *f; f++) {
        if (strcmp((*f)->name, name) == 0)
            return *f;
    }
    return NULL;
}

/* Where a window's edge lies; false if its witness was not reached. */
static bool window_edge(struct judgement *j, const char *name, uint64_t fallback, uint64_t *out)
{
    long long step = with_integer(j, name, -1);
    const struct report *report = step < 0 ? NULL : witness_find(j, (uint64_t)step, 0);

    *out = report ? report->event : fallback;
    if (step >= 0 && !report)
        judgement_fail_at(j, NEVER,
                          "The program never came to its step %lld, where this check begins to "
                          "look or ends: nothing was shown.",
                          step);
    return step < 0 || report;
}

static bool judgement_start(struct judgement *j)
{
    if (!survey_make(j)) {
        judgement_fail_at(j, NEVER, "The run has more address spaces than can be followed (%d).",
                          SPACES_MAX);
        return false;
    }
    if (j->damaged) {
        judgement_refuse(j, "The recording is damaged or was cut off.");
        return false;
    }
    judgement_rewind(j);
    return window_edge(j, "after", 0, &j->from) && window_edge(j, "until", NEVER, &j->until);
}

static void judgement_end(struct judgement *j)
{
    world_free(j);
    cursor_free(&j->cursor);
    survey_free(j);
}

static void judgement_init(struct judgement *j, const struct run *run, const json_t *with,
                           struct verdict *verdict)
{
    *j = (struct judgement){
        .run = run, .with = with, .verdict = verdict, .events = trace_events(run->trace)
    };
    *verdict = (struct verdict){ .passed = true, .event = NEVER };
}

void property_judge(const struct property *property, const struct run *run, const json_t *with,
                    struct verdict *verdict)
{
    struct judgement j;
    char error[300];

    judgement_init(&j, run, with, verdict);
    if (!property_check_parameters(property, with, error, sizeof(error))) {
        judgement_refuse(&j, "The rubric is wrong: %s.", error);
        return;
    }
    if (judgement_start(&j))
        property->judge(&j);
    judgement_end(&j);
    if (verdict->passed && !verdict->text[0])
        judgement_note(&j, "Kept: %s.", property->title);
}

bool fact_get(const struct fact *fact, const struct run *run, const json_t *with, uint64_t *out,
              char *error, size_t error_size)
{
    struct verdict verdict;
    struct judgement j;
    bool known;

    judgement_init(&j, run, with, &verdict);
    if (!fact_check_parameters(fact, with, error, error_size))
        return false;
    known = judgement_start(&j) && fact->get(&j, out) && verdict.passed;
    judgement_end(&j);
    if (!known)
        snprintf(error, error_size, "%s",
                 verdict.passed ? "the run does not have it" : verdict.text);
    return known;
}
