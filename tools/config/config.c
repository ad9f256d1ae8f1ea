#include "config.h"

#include <stdio.h>
#include <string.h>

static bool complain(const struct config_place *place, const char *key, const char *what)
{
    snprintf(place->error, place->error_size, "%s: '%s' %s", place->where, key, what);
    return false;
}

bool config_optional_string(const json_t *table, const char *key, const struct config_place *place,
                            const char **out)
{
    const json_t *value = json_object_get(table, key);

    if (!value)
        return true;
    if (!json_is_string(value))
        return complain(place, key, "must be a text in quotes");
    if (strlen(json_string_value(value)) != json_string_length(value))
        return complain(place, key, "must not hold a NUL character");
    *out = json_string_value(value);
    return true;
}

bool config_string(const json_t *table, const char *key, const struct config_place *place,
                   const char **out)
{
    if (!json_object_get(table, key))
        return complain(place, key, "is missing");
    return config_optional_string(table, key, place, out);
}

bool config_optional_integer(const json_t *table, const char *key, const struct config_place *place,
                             long long *out)
{
    const json_t *value = json_object_get(table, key);

    if (!value)
        return true;
    if (!json_is_integer(value))
        return complain(place, key, "must be a whole number");
    *out = json_integer_value(value);
    return true;
}

bool config_integer(const json_t *table, const char *key, const struct config_place *place,
                    long long *out)
{
    if (!json_object_get(table, key))
        return complain(place, key, "is missing");
    return config_optional_integer(table, key, place, out);
}

bool config_optional_array(const json_t *table, const char *key, const struct config_place *place,
                           const json_t **out)
{
    const json_t *value = json_object_get(table, key);

    if (value && !json_is_array(value))
        return complain(place, key, "must be a list in brackets");
    *out = value;
    return true;
}

bool config_only(const json_t *table, const char *const *known, const struct config_place *place)
{
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)table, key, value)
    {
        size_t i = 0;

        while (known[i] && strcmp(known[i], key) != 0)
            i++;
        if (!known[i])
            return complain(place, key, "is no key that is known here");
    }
    return true;
}
