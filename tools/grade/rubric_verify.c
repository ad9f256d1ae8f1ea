/* What can only be said of a rubric as a whole. */
#include "property.h"
#include "rubric.h"
#include "text.h"

#include <string.h>

enum { POINTS_OF_A_LAB = 100 };

static bool verify_parameters(const struct rubric_check *check, const char *where, char *error,
                              size_t error_size)
{
    char why[300] = "";

    if (check->property &&
        !property_check_parameters(check->property, check->with, why, sizeof(why)))
        return text_fail(error, error_size, "%s, check \"%s\": with: %s", where, check->id, why);
    if (check->fact && !fact_check_parameters(check->fact, check->with, why, sizeof(why)))
        return text_fail(error, error_size, "%s, check \"%s\": with: %s", where, check->id, why);
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

/* Can check i be reached from itself? Depth is bounded: a longer way goes round. */
static bool needs_come_back(const struct rubric *rubric, size_t from, size_t goal, size_t depth)
{
    const struct rubric_check *check = &rubric->checks[from];

    for (size_t i = 0; i < check->need_count; i++) {
        if (check->needs[i] == goal)
            return true;
        if (depth > 0 && needs_come_back(rubric, check->needs[i], goal, depth - 1))
            return true;
    }
    return false;
}

bool rubric_verify(const struct rubric *rubric, const char *where, char *error, size_t error_size)
{
    enum { CHAIN_MAX = 8 };

    if (!verify_unique(rubric, where, error, error_size))
        return false;
    for (size_t i = 0; i < rubric->check_count; i++) {
        if (!verify_parameters(&rubric->checks[i], where, error, error_size))
            return false;
        if (needs_come_back(rubric, i, i, CHAIN_MAX))
            return text_fail(error, error_size, "%s, check \"%s\": needs lead back to itself",
                             where, rubric->checks[i].id);
    }
    if (rubric->has_hidden ? rubric->points != POINTS_OF_A_LAB : rubric->points > POINTS_OF_A_LAB)
        return text_fail(error, error_size, "%s: the checks are worth %u points; a lab has %d",
                         where, rubric->points, POINTS_OF_A_LAB);
    return true;
}
