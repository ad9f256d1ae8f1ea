/*
 * From outcomes of machines to checks. A check passes if it does on every machine
 * of its run; what it needs must have passed before.
 */
#include "capstone.h"
#include "hunt.h"
#include "questions.h"
#include "result.h"
#include "unwritten.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json_t *check_make(const struct rubric_check *check, const char *status, const char *message)
{
    bool passed = strcmp(status, "passed") == 0;

    return json_pack("{s:s, s:s, s:i, s:i, s:s, s:s, s:s, s:s?, s:s?}", "id", check->id, "title",
                     check->title, "points", passed ? (int)check->points : 0, "max",
                     (int)check->points, "status", status, "visibility",
                     check->hidden ? "hidden" : "visible", "message", message, "hint", check->hint,
                     "section", check->section);
}

/* A failure, with what the judge found of it. */
static json_t *check_failed(const struct rubric_check *check, const struct machine *m,
                            const json_t *verdict)
{
    static const char *const keys[] = {
        "tick", "function", "where", "evidence", "command", "page"
    };
    const char *text = json_string_value(json_object_get(verdict, "text"));
    const json_t *stall = json_array_get(json_object_get(m->outcome, "stall"), 0);
    json_t *result = check_make(check, "failed", text ? text : "");

    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        json_t *value = json_object_get(verdict, keys[i]);

        if (value && !(json_is_string(value) && !*json_string_value(value)))
            json_object_set(result, keys[i], value);
    }
    json_object_set_new(result, "machine", json_string(m->name));
    if (stall)
        json_object_set_new(result, "message",
                            json_sprintf("%s (How the machine ended: %s.)", text ? text : "",
                                         json_string_value(stall)));
    return result;
}

/* Why is told by what this check needs: see rounds.h. */
static json_t *check_not_started(const struct rubric_check *check)
{
    return check_make(check, "skipped", "the machine was not started");
}

static json_t *check_property(const struct grading *g, const struct rubric_check *check)
{
    const struct machine *failed = NULL;
    bool moot = false;

    for (size_t i = 0; i < g->machine_count; i++) {
        const struct machine *m = &g->machines[i];
        const json_t *verdict = json_object_get(json_object_get(m->outcome, "checks"), check->id);
        const char *error = json_string_value(json_object_get(m->outcome, "error"));

        if (m->run != &g->rubric->runs[check->run])
            continue;
        if (m->moot) {
            moot = true;
            continue;
        }
        if (!error && json_is_true(json_object_get(verdict, "unjudged")))
            error = json_string_value(json_object_get(verdict, "text"));
        if (error || !verdict)
            return check_make(check, "error", error ? error : "it was not judged");
        if (!failed && !json_is_true(json_object_get(verdict, "passed")))
            failed = m;
    }
    if (failed)
        return check_failed(check, failed,
                            json_object_get(json_object_get(failed->outcome, "checks"), check->id));
    return moot ? check_not_started(check) : check_make(check, "passed", "");
}

/* An answer is a number, or a text that is one. */
static bool answer_number(const json_t *answer, unsigned long long *out)
{
    const char *text = json_string_value(answer);
    char *end;

    if (json_is_integer(answer) && json_integer_value(answer) >= 0) {
        *out = (unsigned long long)json_integer_value(answer);
        return true;
    }
    if (!text || *text < '0' || *text > '9')
        return false;
    *out = strtoull(text, &end, 0);
    return *end == '\0';
}

static bool answer_empty(const json_t *answer)
{
    const char *text = json_string_value(answer);

    return !answer || (text && !text[strspn(text, " \n\t")]);
}

/* What is wrong with a prediction; NULL: nothing. */
static const char *prediction_wrong(const struct grading *g, const char *id, const char *value)
{
    const json_t *answer = json_object_get(g->answers, id);
    unsigned long long number;

    if (g->answers_why[0])
        return g->answers_why;
    if (answer_empty(answer))
        return questions_unanswered(g);
    if (!answer_number(answer, &number))
        return "the answer in answers.toml is not a number";
    if (number == strtoull(value, NULL, 10))
        return NULL;
    return "this machine behaved otherwise than you predicted: look at its trace, and at why";
}

static json_t *check_prediction(const struct grading *g, const struct rubric_check *check)
{
    const struct machine *m = g->machines;
    const json_t *fact;
    const char *error, *value, *wrong;
    json_t *result;

    while (m < g->machines + g->machine_count && m->run != &g->rubric->runs[check->run])
        m++;
    if (m->moot)
        return check_not_started(check);
    error = json_string_value(json_object_get(m->outcome, "error"));
    if (error)
        return check_make(check, "error", error);
    fact = json_object_get(json_object_get(m->outcome, "facts"), check->id);
    error = json_string_value(json_object_get(fact, "error"));
    value = json_string_value(json_object_get(fact, "value"));
    if (!value)
        return check_make(check, "failed", error ? error : "the run does not have what is asked");
    wrong = g->answered ? NULL : prediction_wrong(g, check->id, value);
    if (!wrong)
        return check_make(check, "passed", "");
    result = check_make(check, "failed", wrong);
    json_object_set(result, "command", json_object_get(fact, "command"));
    return result;
}

static json_t *check_written(const struct grading *g, const struct rubric_check *check)
{
    const json_t *answer = json_object_get(g->answers, check->id);

    if (g->answered || (json_is_string(answer) && !answer_empty(answer)))
        return check_make(check, "passed", "");
    return check_make(check, "failed", questions_unanswered(g));
}

/* What is judged without a machine of this lab's own. */
static json_t *check_other(const struct grading *g, const struct rubric_check *check)
{
    char text[600] = "";
    const char *status;

    if (check->kind == CHECK_ANSWER)
        status = hunt_answer(g, check, text, sizeof(text));
    else if (check->kind == CHECK_HUNT)
        status = hunt_judge(g, check, text, sizeof(text));
    else
        status = capstone_judge(g, check, text, sizeof(text));
    return check_make(check, status, text);
}

static json_t *check_judge(const struct grading *g, const struct rubric_check *check)
{
    if (g->not_run)
        return check_not_started(check);
    if (check->kind == CHECK_WRITTEN) /* whatever the kernel is like */
        return check_written(g, check);
    if (json_object_get(g->build, "status") &&
        strcmp(json_string_value(json_object_get(g->build, "status")), "ok") != 0)
        return check_make(check, "failed", "the kernel does not build with the submission's files");
    switch (check->kind) {
    case CHECK_PROPERTY:
        return check_property(g, check);
    case CHECK_PREDICTION:
        return check_prediction(g, check);
    default:
        return check_other(g, check);
    }
}

/* The need that did not pass; NULL: all did; *ready is false if one is not judged yet. */
static const struct rubric_check *
check_missing(const struct grading *g, const struct rubric_check *check, json_t **done, bool *ready)
{
    for (size_t i = 0; i < check->need_count; i++) {
        const json_t *need = done[check->needs[i]];

        if (!need)
            *ready = false;
        else if (strcmp(json_string_value(json_object_get(need, "status")), "passed") != 0)
            return &g->rubric->checks[check->needs[i]];
    }
    return NULL;
}

static json_t *check_resolve(const struct grading *g, const struct rubric_check *check,
                             json_t **done)
{
    bool ready = true;
    const struct rubric_check *missing = check_missing(g, check, done, &ready);
    json_t *result;

    if (missing && json_object_get(g->build, "output") && !g->not_run) {
        char text[300];

        snprintf(text, sizeof(text), "it needs '%.200s', which did not pass", missing->id);
        result = check_judge(g, check);
        if (strcmp(json_string_value(json_object_get(result, "status")), "error") == 0)
            return result;
        json_decref(result);
        return check_make(check, "skipped", text);
    }
    return ready ? check_judge(g, check) : NULL;
}

/* The first failure is no riddle where functions are still as they were handed out. */
static void checks_tell_unwritten(const struct grading *g)
{
    json_t *check;
    size_t i;

    json_array_foreach(g->checks, i, check)
    {
        char *names;

        if (strcmp(json_string_value(json_object_get(check, "status")), "failed") != 0)
            continue;
        names = unwritten_names(g->unwritten);
        json_object_set_new(check, "message",
                            json_sprintf("%s (Not written yet: %s.)",
                                         json_string_value(json_object_get(check, "message")),
                                         names));
        free(names);
        return;
    }
}

void result_judge_checks(struct grading *g)
{
    size_t count = g->rubric->check_count;
    json_t **done = calloc(count + 1, sizeof(void *));

    if (!done)
        abort();
    /* Needs may stand below; there are no circles, so that each round resolves one at least. */
    for (size_t round = 0; round < count; round++) {
        for (size_t i = 0; i < count; i++) {
            if (!done[i] && grading_wants(g, &g->rubric->checks[i]))
                done[i] = check_resolve(g, &g->rubric->checks[i], done);
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (done[i])
            json_array_append_new(g->checks, done[i]);
    }
    if (json_array_size(g->unwritten) > 0)
        checks_tell_unwritten(g);
    free(done);
}
