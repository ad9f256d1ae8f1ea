/*
 * --only: one check of an earlier result judged again. The rubric may have changed in
 * between: it says which checks there are, in which order, and what each is worth. How
 * the others ended is taken from the earlier result.
 */
#include "class.h"

#include "manifest.h"
#include "rubric.h"

#include <string.h>

static struct rubric *plan_rubric(const struct class_plan *plan)
{
    const char *root = class_option(plan, "root");
    char error[CLASS_ERROR];
    struct lab *lab = lab_load(root, class_option(plan, "lab"), error, sizeof(error));
    struct rubric *rubric = lab ? rubric_load(root, lab, error, sizeof(error)) : NULL;

    lab_free(lab);
    return rubric;
}

static json_t *check_of(const json_t *result, const char *id)
{
    json_t *check;
    size_t i;

    json_array_foreach(json_object_get(result, "checks"), i, check)
    {
        const char *own = json_string_value(json_object_get(check, "id"));

        if (own && strcmp(own, id) == 0)
            return check;
    }
    return NULL;
}

/* What it is worth may have changed; how it ended has not. */
static void check_weigh(json_t *check, const struct rubric_check *now)
{
    const char *status = json_string_value(json_object_get(check, "status"));

    if (status && strcmp(status, "passed") == 0)
        json_object_set_new(check, "points", json_integer(now->points));
    json_object_set_new(check, "max", json_integer(now->points));
}

/* The rubric's checks: one from the fresh result, the others from the earlier one. */
static json_t *checks_merge(const struct rubric *rubric, const json_t *earlier, const json_t *fresh,
                            const char *id)
{
    json_t *checks = json_array();

    for (size_t i = 0; i < rubric->check_count; i++) {
        const struct rubric_check *now = &rubric->checks[i];
        const bool asked = strcmp(now->id, id) == 0;
        json_t *check = json_deep_copy(check_of(asked ? fresh : earlier, now->id));

        if (!check) {
            json_decref(checks);
            return NULL;
        }
        if (!asked)
            check_weigh(check, now);
        json_array_append_new(checks, check);
    }
    return checks;
}

static void result_sum_up(json_t *result)
{
    json_int_t points = 0, max = 0;
    json_t *check;
    size_t i;

    json_array_foreach(json_object_get(result, "checks"), i, check)
    {
        points += json_integer_value(json_object_get(check, "points"));
        max += json_integer_value(json_object_get(check, "max"));
    }
    json_object_set_new(result, "points", json_integer(points));
    json_object_set_new(result, "max", json_integer(max));
}

bool class_only_suffices(const struct class_plan *plan, const json_t *earlier, const char *id)
{
    struct rubric *rubric = plan_rubric(plan);
    bool good = rubric != NULL;

    for (size_t i = 0; good && i < rubric->check_count; i++)
        good = strcmp(rubric->checks[i].id, id) == 0 || check_of(earlier, rubric->checks[i].id);
    rubric_free(rubric);
    return good;
}

bool class_only_merge(const struct class_plan *plan, json_t *earlier, const json_t *fresh,
                      const char *id)
{
    struct rubric *rubric = plan_rubric(plan);
    json_t *checks = rubric ? checks_merge(rubric, earlier, fresh, id) : NULL;

    rubric_free(rubric);
    if (!checks || json_object_set_new(earlier, "checks", checks) != 0)
        return false;
    result_sum_up(earlier);
    return true;
}
