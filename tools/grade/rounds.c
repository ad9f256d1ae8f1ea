#include "rounds.h"

#include <limits.h>

/* Is a check one of the machine's, and asked for? */
static bool is_checked_on(const struct grading *g, const struct rubric_check *check,
                          const struct machine *m)
{
    return rubric_has_run(check) && m->run == &g->rubric->runs[check->run] &&
           grading_wants(g, check);
}

/* How many checks must pass, one after another, before this one counts. */
static unsigned check_depth(const struct rubric *rubric, const struct rubric_check *check)
{
    unsigned depth = 0;

    for (size_t i = 0; i < check->need_count; i++) {
        unsigned needed = check_depth(rubric, &rubric->checks[check->needs[i]]) + 1;

        if (needed > depth)
            depth = needed;
    }
    return depth;
}

void rounds_plan(struct grading *g)
{
    for (size_t i = 0; i < g->machine_count; i++) {
        struct machine *m = &g->machines[i];

        m->round = UINT_MAX;
        for (size_t k = 0; k < g->rubric->check_count; k++) {
            const struct rubric_check *check = &g->rubric->checks[k];
            unsigned depth = is_checked_on(g, check, m) ? check_depth(g->rubric, check) : UINT_MAX;

            if (depth < m->round)
                m->round = depth;
        }
        /* A run's machines stand together. */
        if (i > 0 && g->machines[i - 1].run == m->run)
            m->round++;
    }
}

static bool check_failed_on(const struct rubric_check *check, const struct machine *m)
{
    const json_t *verdict = json_object_get(json_object_get(m->outcome, "checks"), check->id);

    return json_is_false(json_object_get(verdict, "passed")) &&
           !json_is_true(json_object_get(verdict, "unjudged"));
}

static bool check_is_lost(const struct grading *g, const struct rubric_check *check)
{
    for (size_t i = 0; i < check->need_count; i++) {
        if (check_is_lost(g, &g->rubric->checks[check->needs[i]]))
            return true;
    }
    for (size_t i = 0; rubric_has_run(check) && i < g->machine_count; i++) {
        if (g->machines[i].run == &g->rubric->runs[check->run] &&
            check_failed_on(check, &g->machines[i]))
            return true;
    }
    return false;
}

bool rounds_machine_is_moot(const struct grading *g, const struct machine *m)
{
    for (size_t i = 0; i < g->rubric->check_count; i++) {
        const struct rubric_check *check = &g->rubric->checks[i];

        if (is_checked_on(g, check, m) && !check_is_lost(g, check))
            return false;
    }
    return true;
}
