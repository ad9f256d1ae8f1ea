/* Who is killed, and for what. */
#include "define.h"

struct death {
    bool open; /* ring 3 was left by an exception, and not entered again so far */
    uint32_t vector;
    uint64_t va, event, tick, rip;
};

static bool deaths_start(struct judgement *j, struct death **out)
{
    *out = calloc(j->survey.spaces + 1, sizeof(**out));
    if (!*out)
        judgement_refuse(j, "The grader's memory is out.");
    return *out;
}

static bool access_matches(const char *access, uint64_t error)
{
    return strcmp(access, "any") == 0 || strcmp(access, error & ERROR_I   ? "exec"
                                                        : error & ERROR_W ? "write"
                                                                          : "read") == 0;
}

static void death_note(struct death *death, const struct judgement *j)
{
    *death = (struct death){ .open = true,
                             .vector = j->event.what,
                             .va = j->event.v[1],
                             .event = j->n,
                             .tick = j->event.tick,
                             .rip = j->event.rip };
}

PROPERTY(illegal_access_kills, "Who makes this access is never seen in ring 3 again",
         VALUE("va", "first address of the forbidden range"),
         VALUE("bytes", "its length; one page if missing"),
         TEXT("access", "\"read\", \"write\", \"exec\" or \"any\" (default)"),
         INTEGER("vector", "of another exception than the page fault"))
{
    uint32_t vector = (uint32_t)with_integer(j, "vector", VECTOR_PF);
    const char *access = with_text(j, "access", "any");
    struct death *deaths;
    struct range range;
    uint64_t killed = 0;
    char who[LABEL_MAX];

    if (!with_range(j, &range) || !deaths_start(j, &deaths))
        return;
    while (judgement_next(j)) {
        struct death *death = j->space ? &deaths[j->space->index] : NULL;

        if (!death)
            continue;
        if (j->inside && j->event.kind == EVENT_EXCEPTION && j->event.ring == 3 &&
            j->event.what == vector && !death->open &&
            (vector != VECTOR_PF ||
             (range_has(&range, j->event.v[1]) && access_matches(access, j->event.v[0])))) {
            death_note(death, j);
            killed++;
        } else if (death->open && event_enters_user(&j->event)) {
            judgement_about_va(j, death->va);
            judgement_fail(
                j,
                "%s made a forbidden access (exception %u at 0x%" PRIx64 ", tick %" PRIu64
                "), and still runs in ring 3 at tick %" PRIu64 ": the kernel must end it.",
                space_label(j->space, who), death->vector, death->va, death->tick, j->event.tick);
        }
    }
    free(deaths);
    judgement_need(j, killed, 1, "a forbidden access that ended its process");
}

static bool death_is_deserved(struct judgement *j, const struct death *death,
                              const struct range *range, bool has_range)
{
    long long vector;

    if (death->vector == VECTOR_PF)
        return has_range && range_has(range, death->va);
    for (size_t i = 0; with_integers(j, "vectors", i, &vector); i++) {
        if (vector == death->vector)
            return true;
    }
    return false;
}

static void judge_death(struct judgement *j, const struct space *space, const struct death *death)
{
    char who[LABEL_MAX];

    if (death->vector == VECTOR_PF)
        judgement_about_va(j, death->va);
    judgement_fail_at(j, death->event,
                      "%s never ran again after exception %u at tick %" PRIu64
                      " (address 0x%" PRIx64 ", instruction 0x%" PRIx64
                      "): this access was legal, and the kernel should have served it instead of "
                      "ending the process.",
                      space_label(space, who), death->vector, death->tick, death->va, death->rip);
}

PROPERTY(only_offenders_die, "No process ends by an exception that it had a right to",
         VALUE("va", "first address that may kill; missing: none may"),
         VALUE("bytes", "length of that range"), INTEGERS("vectors", "exceptions that may kill"))
{
    bool has_range = with_has(j, "va");
    struct death *deaths;
    struct range range;

    if (!with_range(j, &range) || !deaths_start(j, &deaths))
        return;
    while (judgement_next(j)) {
        struct death *death = j->space ? &deaths[j->space->index] : NULL;

        if (!death)
            continue;
        if (j->inside && j->event.kind == EVENT_EXCEPTION && j->event.ring == 3)
            death_note(death, j);
        else if (event_enters_user(&j->event))
            death->open = false;
    }
    for (size_t i = 0; i < j->survey.spaces && !judgement_decided(j); i++) {
        if (deaths[i].open && !death_is_deserved(j, &deaths[i], &range, has_range))
            judge_death(j, &j->survey.space[i], &deaths[i]);
    }
    free(deaths);
    judgement_need(j, j->survey.processes, 1, "a process that ran");
}
