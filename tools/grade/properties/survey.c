/*
 * The first pass: which address spaces there were, which of them were processes,
 * and what the programs reported.
 *
 * A space is one root from the load of CR3 that showed it until its PML4 is no
 * table any more. Every pass steps the same cursor, so all agree on the numbers.
 */
#include "flow.h"

#include <stdlib.h>
#include <string.h>

enum { REPORTS_MAX = 1 << 20, CALLS_MAX = 4096 };

void cursor_start(struct space_cursor *cursor)
{
    replay_map_free(&cursor->living);
    replay_map_init(&cursor->living);
    cursor->next = 0;
    cursor->current = NULL;
}

void cursor_free(struct space_cursor *cursor)
{
    replay_map_free(&cursor->living);
}

struct space *cursor_find(const struct judgement *j, uint64_t root)
{
    uintptr_t index = (uintptr_t)replay_map_get(&j->cursor.living, root & ENTRY_ADDR);

    return index && index <= j->survey.spaces ? &j->survey.space[index - 1] : NULL;
}

/* The space with this root, a new one if none lives; NULL if memory or numbers are out. */
static struct space *cursor_load(struct survey *survey, struct space_cursor *cursor, uint64_t root,
                                 uint64_t n, bool growing)
{
    uintptr_t index = (uintptr_t)replay_map_get(&cursor->living, root);

    if (index)
        return &survey->space[index - 1];
    if (growing && survey->spaces == survey->spaces_room) {
        size_t room = survey->spaces_room ? survey->spaces_room * 2 : 64;
        struct space *space =
            room > SPACES_MAX ? NULL : realloc(survey->space, room * sizeof(*space));

        if (!space)
            return NULL;
        survey->space = space;
        survey->spaces_room = room;
    }
    if (growing)
        survey->space[survey->spaces++] = (struct space){ .root = root,
                                                          .first_load = n,
                                                          .last_left = NEVER,
                                                          .first_user = NEVER,
                                                          .last_user = NEVER,
                                                          .broken = NEVER,
                                                          .index = (unsigned)cursor->next };
    if (cursor->next >= survey->spaces ||
        !replay_map_add(&cursor->living, root, (void *)(cursor->next + 1)))
        return NULL;
    return &survey->space[cursor->next++];
}

static void cursor_switch(struct survey *survey, struct space_cursor *cursor, struct space *to,
                          uint64_t n, bool growing)
{
    if (growing && cursor->current)
        survey->space[cursor->current->index].last_left = n;
    if (growing)
        to->last_left = NEVER;
    cursor->current = to;
}

bool cursor_step(struct survey *survey, struct space_cursor *cursor, uint64_t n,
                 const struct trace_event *event, bool growing)
{
    bool start = event->kind == EVENT_START && (event->v[0] & CR0_PG);
    bool load = event->kind == EVENT_CR && event->what == 3;
    struct space *space;

    if (event->kind == EVENT_TABLE_GONE && event->level == 4)
        replay_map_remove(&cursor->living, event->v[0] & ENTRY_ADDR);
    if (!start && !load)
        return true;
    /* The array may move while it grows: current is kept by its index. */
    size_t current = cursor->current ? cursor->current->index + 1 : 0;

    space = cursor_load(survey, cursor, event->v[start ? 1 : 0] & ENTRY_ADDR, n, growing);
    if (!space)
        return false;
    cursor->current = current ? &survey->space[current - 1] : NULL;
    cursor_switch(survey, cursor, space, n, growing);
    return true;
}

/* ---- the pass ---- */

struct survey_pass {
    struct judgement *j;
    struct space_cursor cursor;
    struct flow *flow;
    bool pid_call[CALLS_MAX];
};

static void survey_find_pid_calls(struct survey_pass *pass)
{
    static const char *const names[] = { "sys_getpid", "sys_gettid", "sys_set_tid_address" };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        int place = call_place(pass->j, names[i]);

        if (place >= 0 && place < CALLS_MAX)
            pass->pid_call[place] = true;
    }
}

static bool survey_add_report(struct survey *survey, const struct space *space, uint64_t n,
                              const struct trace_event *event)
{
    bool witness = event->kind == EVENT_WITNESS;

    if (survey->reports >= REPORTS_MAX)
        return true;
    if (survey->reports == survey->reports_room) {
        size_t room = survey->reports_room ? survey->reports_room * 2 : 64;
        struct report *report = realloc(survey->report, room * sizeof(*report));

        if (!report)
            return false;
        survey->report = report;
        survey->reports_room = room;
    }
    survey->report[survey->reports++] = (struct report){
        .event = n,
        .tick = event->tick,
        .id = event->v[0],
        .value = event->v[1],
        .a = witness ? event->v[2] : 0,
        .b = witness ? event->v[3] : 0,
        .space = space ? space->index : UINT32_MAX,
        .kind = event->kind,
        .genuine = event->what == 0,
    };
    return true;
}

static void survey_user(struct survey *survey, struct space *space, uint64_t n)
{
    if (space->first_user == NEVER) {
        space->first_user = n;
        space->process = ++survey->processes;
    }
    space->last_user = n;
}

static bool survey_visit(void *arg, uint64_t n, const struct trace_event *event)
{
    struct survey_pass *pass = arg;
    struct survey *survey = &pass->j->survey;
    struct space *space;

    survey->last_tick = event->tick;
    if (!cursor_step(survey, &pass->cursor, n, event, true)) {
        survey->too_many = true;
        return false;
    }
    space = pass->cursor.current;
    if (space && event_enters_user(event))
        survey_user(survey, space, n);
    if (space && !flow_step(pass->flow, space, n, event)) {
        survey->too_many = true;
        return false;
    }
    if (space && event->kind == EVENT_RETURN && event->what < CALLS_MAX && space->pid == 0 &&
        pass->pid_call[event->what])
        space->pid = event->v[0];
    if (event->kind == EVENT_END) {
        survey->end = event->what;
        survey->end_rip = event->rip;
    }
    if (event->kind == EVENT_WITNESS || event->kind == EVENT_CHALLENGE)
        return survey_add_report(survey, space, n, event);
    return true;
}

bool survey_make(struct judgement *j)
{
    struct survey_pass *pass = calloc(1, sizeof(*pass));
    bool whole;

    if (pass)
        pass->flow = flow_new(j->run);
    if (!pass || !pass->flow) {
        free(pass);
        return false;
    }
    pass->j = j;
    survey_find_pid_calls(pass);
    cursor_start(&pass->cursor);
    whole = trace_scan(j->run->trace, 0, trace_events(j->run->trace), survey_visit, pass);
    cursor_free(&pass->cursor);
    flow_free(pass->flow);
    free(pass);
    j->damaged = !whole || !trace_is_complete(j->run->trace);
    return !j->survey.too_many;
}

void survey_free(struct judgement *j)
{
    free(j->survey.space);
    free(j->survey.report);
}

const struct report *witness_find(const struct judgement *j, uint64_t step, uint64_t nth)
{
    for (size_t i = 0; i < j->survey.reports; i++) {
        const struct report *report = &j->survey.report[i];

        if (report->kind == EVENT_WITNESS && report->genuine && report->id == step && nth-- == 0)
            return report;
    }
    return NULL;
}
