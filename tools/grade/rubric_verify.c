/* What can only be said of a rubric as a whole. */
#include "property.h"
#include "rubric.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

enum { POINTS_OF_A_LAB = 100 };

static bool verify_parameters(const struct rubric *rubric, const struct rubric_check *check,
                              const char *where, char *error, size_t error_size)
{
    char why[300] = "";

    if (check->property &&
        !property_check_parameters(check->property, check->with, why, sizeof(why)))
        return text_fail(error, error_size, "%s, check \"%s\": with: %s", where, check->id, why);
    if (check->fact && !fact_check_parameters(check->fact, check->with, why, sizeof(why)))
        return text_fail(error, error_size, "%s, check \"%s\": with: %s", where, check->id, why);
    if (rubric_has_run(check) && !rubric_verify_with(rubric, check, why, sizeof(why)))
        return text_fail(error, error_size, "%s, check \"%s\": with: %s", where, check->id, why);
    return true;
}

#define KIND(kind) (1u << CHECK_##kind)

/* Keys that some kinds of checks have and others have not; rubric.c has read the rest. */
static const struct kind_key {
    const char *name;
    unsigned may, must; /* which kinds */
    json_type type;     /* an array is one of texts */
} kind_keys[] = {
    { "with", KIND(PROPERTY) | KIND(PREDICTION), 0, JSON_OBJECT },
    { "run", KIND(PROPERTY) | KIND(PREDICTION), 0, JSON_STRING },
    { "accept", KIND(ANSWER), KIND(ANSWER), JSON_ARRAY },
    { "lab", KIND(HUNT) | KIND(CATCHES), KIND(HUNT) | KIND(CATCHES), JSON_STRING },
    { "record", KIND(CATCHES), KIND(CATCHES), JSON_STRING },
    { "bodies", KIND(CATCHES), KIND(CATCHES), JSON_ARRAY },
    { "at_least", KIND(CATCHES), 0, JSON_INTEGER },
};

static bool value_fits(const json_t *value, json_type type)
{
    bool fits = json_typeof(value) == type;
    const json_t *item;
    size_t i;

    json_array_foreach(value, i, item) fits = fits && json_is_string(item);
    return fits;
}

static bool verify_keys(const struct rubric_check *check, const char *where, char *error,
                        size_t error_size)
{
    for (size_t i = 0; i < sizeof(kind_keys) / sizeof(kind_keys[0]); i++) {
        const struct kind_key *key = &kind_keys[i];
        const json_t *value = json_object_get(check->table, key->name);
        unsigned kind = 1u << check->kind;
        const char *problem = NULL;

        if (value && !(key->may & kind))
            problem = "does not belong to a check of this kind";
        else if (!value && (key->must & kind))
            problem = "is missing";
        else if (value && !value_fits(value, key->type))
            problem = "is of the wrong type";
        if (problem)
            return text_fail(error, error_size, "%s, check \"%s\": %s %s", where, check->id,
                             key->name, problem);
    }
    if (check->kind == CHECK_CATCHES && strcmp(check->question, "right") != 0 &&
        strcmp(check->question, "wrong") != 0)
        return text_fail(error, error_size, "%s, check \"%s\": catches is \"right\" or \"wrong\"",
                         where, check->id);
    return true;
}

static bool verify_unique(const struct rubric *rubric, const char *where, char *error,
                          size_t error_size)
{
    for (size_t i = 0; i < rubric->check_count; i++) {
        if (rubric_find(rubric, rubric->checks[i].id) != &rubric->checks[i])
            return text_fail(error, error_size, "%s: two checks are called \"%s\"", where,
                             rubric->checks[i].id);
    }
    for (size_t i = 0; i < rubric->run_count; i++) {
        for (size_t k = 0; k < i; k++) {
            if (strcmp(rubric->runs[i].id, rubric->runs[k].id) == 0)
                return text_fail(error, error_size, "%s: two runs are called \"%s\"", where,
                                 rubric->runs[i].id);
        }
    }
    return true;
}

/* Take away, again and again, what needs only what was taken away; one of the rest, or count. */
static size_t needs_find_loop(const struct rubric *rubric)
{
    bool *taken = text_alloc(rubric->check_count);
    bool changed = true;
    size_t left = rubric->check_count;

    while (changed) {
        changed = false;
        left = rubric->check_count;
        for (size_t i = 0; i < rubric->check_count; i++) {
            const struct rubric_check *check = &rubric->checks[i];
            size_t ready = 0;

            while (ready < check->need_count && taken[check->needs[ready]])
                ready++;
            if (!taken[i] && ready == check->need_count)
                taken[i] = changed = true;
            if (!taken[i])
                left = i;
        }
    }
    free(taken);
    return left;
}

bool rubric_verify(const struct rubric *rubric, const char *where, char *error, size_t error_size)
{
    size_t loop;

    if (!verify_unique(rubric, where, error, error_size))
        return false;
    for (size_t i = 0; i < rubric->check_count; i++) {
        if (!verify_keys(&rubric->checks[i], where, error, error_size) ||
            !verify_parameters(rubric, &rubric->checks[i], where, error, error_size))
            return false;
    }
    loop = needs_find_loop(rubric);
    if (loop < rubric->check_count)
        return text_fail(error, error_size, "%s, check \"%s\": its needs go round in a circle",
                         where, rubric->checks[loop].id);
    if (rubric->has_hidden ? rubric->points != POINTS_OF_A_LAB : rubric->points > POINTS_OF_A_LAB)
        return text_fail(error, error_size, "%s: the checks are worth %u points; a lab has %d",
                         where, rubric->points, POINTS_OF_A_LAB);
    return true;
}
