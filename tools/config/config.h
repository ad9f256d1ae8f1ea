/*
 * Text files that people write, in TOML, read into JSON values: manifests,
 * rubrics, answers. The library toml++ reads, jansson holds.
 *
 * Dates and times become strings. A getter below fails with one line that names
 * the file, the key and what was wanted, so that a typing error is found where
 * it was made.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Read a TOML file of at most 1 MiB. NULL on failure, with "FILE:LINE: what is
 * wrong" in error; the caller owns the value.
 */
json_t *config_read(const char *path, char *error, size_t error_size);

#ifdef __cplusplus
}
#endif

/* One table of a file, for messages: "labs/2-buddy/rubric.toml, check 3". */
struct config_place {
    const char *where;
    char *error;
    size_t error_size;
};

/*
 * The value of a key, which must be there unless fallback says otherwise; false with
 * a line in place->error if it is missing or of another type. Strings stay the
 * table's.
 */
bool config_string(const json_t *table, const char *key, const struct config_place *place,
                   const char **out);
bool config_integer(const json_t *table, const char *key, const struct config_place *place,
                    long long *out);

/* The same where the key may be missing: *out then keeps its value. */
bool config_optional_string(const json_t *table, const char *key, const struct config_place *place,
                            const char **out);
bool config_optional_integer(const json_t *table, const char *key, const struct config_place *place,
                             long long *out);

/* The array of a key: *out is NULL if it is missing. */
bool config_optional_array(const json_t *table, const char *key, const struct config_place *place,
                           const json_t **out);

/* Refuse keys that are none of these, a NULL-terminated list. */
bool config_only(const json_t *table, const char *const *known, const struct config_place *place);
