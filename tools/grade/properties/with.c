/* Parameters of a check: the types they must have, and their values. */
#include "judgement.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const struct parameter properties_common[] = {
    { "after", PARAMETER_INTEGER, false, "judge only what happens after this witness step" },
    { "until", PARAMETER_INTEGER, false, "judge only what happens before this witness step" },
    { "process", PARAMETER_INTEGER, false, "judge only this process" },
    { "min", PARAMETER_INTEGER, false, "how often the thing must have happened" },
    { NULL, PARAMETER_INTEGER, false, NULL },
};

static const struct parameter *parameter_find(const struct parameter *list, const char *name)
{
    for (; list && list->name; list++) {
        if (strcmp(list->name, name) == 0)
            return list;
    }
    return NULL;
}

static bool array_holds(const json_t *value, json_type type)
{
    size_t i;
    json_t *item;

    if (json_typeof(value) == type)
        return true;
    if (!json_is_array(value) || json_array_size(value) == 0)
        return false;
    json_array_foreach((json_t *)value, i, item)
    {
        if (json_typeof(item) != type)
            return false;
    }
    return true;
}

static bool parameter_fits(const struct parameter *parameter, const json_t *value)
{
    switch (parameter->type) {
    case PARAMETER_INTEGER:
        return json_is_integer(value);
    case PARAMETER_BOOLEAN:
        return json_is_boolean(value);
    case PARAMETER_TEXT:
        return json_is_string(value);
    case PARAMETER_VALUE:
        return json_is_integer(value) || json_is_string(value);
    case PARAMETER_TEXTS:
        return array_holds(value, JSON_STRING);
    case PARAMETER_INTEGERS:
        return array_holds(value, JSON_INTEGER);
    }
    return false;
}

static const char *parameter_wants(const struct parameter *parameter)
{
    static const char *const names[] = {
        [PARAMETER_INTEGER] = "an integer",
        [PARAMETER_BOOLEAN] = "true or false",
        [PARAMETER_TEXT] = "a string",
        [PARAMETER_VALUE] = "an integer or an expression in a string",
        [PARAMETER_TEXTS] = "a string or an array of strings",
        [PARAMETER_INTEGERS] = "an integer or an array of integers",
    };

    return names[parameter->type];
}

static bool parameters_check(const char *name, const struct parameter *own, const json_t *with,
                             char *error, size_t error_size)
{
    const char *key;
    json_t *value;

    if (with && !json_is_object(with)) {
        snprintf(error, error_size, "%s: `with` is no table", name);
        return false;
    }
    json_object_foreach((json_t *)with, key, value)
    {
        const struct parameter *parameter = parameter_find(own, key);

        if (!parameter)
            parameter = parameter_find(properties_common, key);
        if (!parameter) {
            snprintf(error, error_size, "%s has no parameter `%.40s`", name, key);
            return false;
        }
        if (!parameter_fits(parameter, value)) {
            snprintf(error, error_size, "%s: `%s` must be %s", name, key,
                     parameter_wants(parameter));
            return false;
        }
    }
    for (; own && own->name; own++) {
        if (own->required && !json_object_get(with, own->name)) {
            snprintf(error, error_size, "%s needs `%s`: %s", name, own->name, own->meaning);
            return false;
        }
    }
    return true;
}

bool property_check_parameters(const struct property *property, const json_t *with, char *error,
                               size_t error_size)
{
    return parameters_check(property->name, property->parameters, with, error, error_size);
}

bool fact_check_parameters(const struct fact *fact, const json_t *with, char *error,
                           size_t error_size)
{
    return parameters_check(fact->name, fact->parameters, with, error, error_size);
}

/* ---- values ---- */

bool with_has(const struct judgement *j, const char *name)
{
    return json_object_get(j->with, name);
}

long long with_integer(const struct judgement *j, const char *name, long long fallback)
{
    const json_t *value = json_object_get(j->with, name);

    return json_is_integer(value) ? json_integer_value(value) : fallback;
}

bool with_boolean(const struct judgement *j, const char *name, bool fallback)
{
    const json_t *value = json_object_get(j->with, name);

    return json_is_boolean(value) ? json_is_true(value) : fallback;
}

const char *with_text(const struct judgement *j, const char *name, const char *fallback)
{
    const json_t *value = json_object_get(j->with, name);

    return json_is_string(value) ? json_string_value(value) : fallback;
}

const char *with_texts(const struct judgement *j, const char *name, size_t n)
{
    const json_t *value = json_object_get(j->with, name);

    if (json_is_array(value))
        return json_string_value(json_array_get(value, n));
    return n == 0 ? json_string_value(value) : NULL;
}

bool with_integers(const struct judgement *j, const char *name, size_t n, long long *out)
{
    const json_t *value = json_object_get(j->with, name);

    if (json_is_array(value))
        value = json_array_get(value, n);
    else if (n > 0)
        return false;
    *out = json_integer_value(value);
    return json_is_integer(value);
}

bool with_lists(const struct judgement *j, const char *name, const char *text)
{
    const char *item;

    for (size_t i = 0; (item = with_texts(j, name, i)); i++) {
        if (strcmp(item, text) == 0)
            return true;
    }
    return false;
}

bool with_value(struct judgement *j, const char *name, uint64_t fallback, uint64_t *out)
{
    const json_t *value = json_object_get(j->with, name);
    char error[200];
    bool missing;

    *out = json_is_integer(value) ? (uint64_t)json_integer_value(value) : fallback;
    if (!json_is_string(value) ||
        expression_value(j, json_string_value(value), out, &missing, error, sizeof(error)))
        return true;
    if (missing)
        judgement_fail_at(j, NEVER, "%s", error);
    else
        judgement_refuse(j, "The rubric's `%s` cannot be understood: %s.", name, error);
    return false;
}

bool with_range(struct judgement *j, struct range *out)
{
    uint64_t bytes;

    if (!with_value(j, "va", 0, &out->start) || !with_value(j, "bytes", PAGE_SIZE, &bytes))
        return false;
    out->end = out->start + bytes < out->start ? UINT64_MAX : out->start + bytes;
    return true;
}

bool range_has(const struct range *range, uint64_t va)
{
    return va >= range->start && va < range->end;
}
