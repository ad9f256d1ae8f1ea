#include "result.h"

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SCHEMA "quire-result/1"

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text ? text : "";
}

static void put_line(FILE *file, const char *before, const char *text)
{
    if (*text)
        fprintf(file, "%s%s\n", before, text);
}

/* A terminal, XML or a spreadsheet may obey control characters; text needs none but these. */
static void drop_controls(char *text)
{
    char *to = text;

    for (; *text; text++)
        if ((unsigned char)*text >= 0x20 || *text == '\n' || *text == '\t')
            *to++ = *text;
    *to = '\0';
}

/* End a text that was written to memory; NULL without memory. */
static char *compose_end(FILE *file, char **text, const size_t *len)
{
    if (fclose(file) != 0) {
        free(*text);
        return NULL;
    }
    if (*len > 0 && (*text)[*len - 1] == '\n')
        (*text)[*len - 1] = '\0';
    drop_controls(*text);
    return *text;
}

/* What was said before a machine was started: by the compiler, and by host tests that fail. */
static char *compose_notes(const json_t *json)
{
    const json_t *build = json_object_get(json, "build"), *test;
    const char *output = text_of(build, "output");
    char *text = NULL;
    size_t i, len = 0;
    FILE *file = open_memstream(&text, &len);

    if (!file)
        return NULL;
    if (*output)
        fprintf(file, "%s\n%s\n",
                strcmp(text_of(build, "status"), "failed") == 0 ? "The kernel does not build:"
                                                                : "The compiler warns:",
                output);
    json_array_foreach(json_object_get(json, "host_tests"), i, test)
    {
        if (strcmp(text_of(test, "status"), "failed") == 0)
            fprintf(file, "Host test %s fails:\n%s\n", text_of(test, "name"),
                    text_of(test, "output"));
    }
    return compose_end(file, &text, &len);
}

/* What a student reads about a check, in one text. Only who failed is told where to look. */
static char *compose_message(const json_t *check)
{
    const json_t *evidence = json_object_get(check, "evidence"), *line;
    char *text = NULL;
    size_t i, len = 0;
    FILE *file = open_memstream(&text, &len);

    if (!file)
        return NULL;
    put_line(file, "", text_of(check, "message"));
    if (strcmp(text_of(check, "status"), "failed") == 0) {
        put_line(file, "at ", text_of(check, "where"));
        json_array_foreach(evidence, i, line)
            put_line(file, "  ", json_is_string(line) ? json_string_value(line) : "");
        put_line(file, "Hint: ", text_of(check, "hint"));
        put_line(file, "Look: ", text_of(check, "command"));
    }
    return compose_end(file, &text, &len);
}

static bool check_status_known(const char *status)
{
    static const char *const known[] = { "passed", "failed", "skipped", "error" };

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (strcmp(known[i], status) == 0)
            return true;
    return false;
}

static bool read_check(const json_t *json, const struct config_place *place, struct check *out)
{
    const char *visibility = "visible";

    if (!config_string(json, "id", place, &out->id) ||
        !config_string(json, "title", place, &out->title) ||
        !config_string(json, "status", place, &out->status) ||
        !config_integer(json, "points", place, &out->points) ||
        !config_integer(json, "max", place, &out->max) ||
        !config_optional_string(json, "visibility", place, &visibility))
        return false;
    if (!check_status_known(out->status) || out->points < 0 || out->points > out->max) {
        snprintf(place->error, place->error_size, "%s: check '%s' has status '%s', %lld of %lld",
                 place->where, out->id, out->status, out->points, out->max);
        return false;
    }
    out->passed = strcmp(out->status, "passed") == 0;
    out->hidden = strcmp(visibility, "visible") != 0;
    out->message = compose_message(json);
    if (!out->message)
        snprintf(place->error, place->error_size, "out of memory");
    return out->message;
}

static bool read_checks(const json_t *list, const struct config_place *place, struct result *out)
{
    const json_t *json;
    size_t i;

    out->checks = calloc(json_array_size(list) + 1, sizeof(*out->checks));
    if (!out->checks) {
        snprintf(place->error, place->error_size, "out of memory");
        return false;
    }
    json_array_foreach(list, i, json)
    {
        if (!read_check(json, place, &out->checks[i]))
            return false;
        out->count++;
    }
    return true;
}

/* What counts of the points; a class has noted it if the submission was late. */
static bool read_grade(const json_t *json, const struct config_place *place, struct result *out)
{
    const json_t *late = json_object_get(json, "late"), *final = json_object_get(late, "final");

    out->grade = late ? json_number_value(final) : (double)out->points;
    if (!late || (json_is_number(final) && out->grade >= 0 && out->grade <= (double)out->points))
        return true;
    snprintf(place->error, place->error_size, "%s: late, and no final points from 0 to %lld",
             place->where, out->points);
    return false;
}

static bool read_head(const json_t *json, const struct config_place *place, struct result *out)
{
    const json_t *lab = json_object_get(json, "lab");
    const json_t *submission = json_object_get(json, "submission");
    const char *schema, *status;

    if (!config_string(json, "schema", place, &schema))
        return false;
    if (strcmp(schema, SCHEMA) != 0) {
        snprintf(place->error, place->error_size, "%s: schema '%s'; this version reads " SCHEMA,
                 place->where, schema);
        return false;
    }
    if (!config_string(lab, "name", place, &out->lab) ||
        !config_string(lab, "title", place, &out->title) ||
        !config_integer(lab, "number", place, &out->lab_number) ||
        !config_string(submission, "name", place, &out->name) ||
        !config_string(json, "status", place, &status))
        return false;
    if (strcmp(status, "graded") == 0)
        return config_integer(json, "points", place, &out->points) &&
               config_integer(json, "max", place, &out->max) && read_grade(json, place, out);
    return config_string(json, "error", place, &out->error);
}

bool result_read(const char *path, struct result *out, char *error, size_t error_size)
{
    const struct config_place place = { path, error, error_size };
    const json_t *checks = NULL;
    json_error_t why;

    *out = (struct result){ 0 };
    out->json = strcmp(path, "-") == 0 ? json_loadf(stdin, JSON_REJECT_DUPLICATES, &why)
                                       : json_load_file(path, JSON_REJECT_DUPLICATES, &why);
    if (!out->json) {
        snprintf(error, error_size, "%s: line %d: %s", path, why.line, why.text);
        return false;
    }
    out->notes = compose_notes(out->json);
    if (!out->notes)
        snprintf(error, error_size, "out of memory");
    if (out->notes && read_head(out->json, &place, out) &&
        config_optional_array(out->json, "checks", &place, &checks) &&
        read_checks(checks, &place, out))
        return true;
    result_free(out);
    return false;
}

void result_free(struct result *result)
{
    if (result->checks)
        for (size_t i = 0; result->checks[i].message; i++)
            free((char *)result->checks[i].message);
    free(result->checks);
    free(result->notes);
    json_decref(result->json);
    *result = (struct result){ 0 };
}

/* Add a hidden check to the one that stands for all. */
static void fold_check(struct check *all, const struct check *check)
{
    all->passed = all->passed && check->passed;
    all->status = all->passed ? "passed" : "failed";
    all->points += check->points;
    all->max += check->max;
}

/* A result's error may begin with the id of the check that could not be judged. */
static void fold_error(struct result *result, const struct check *check)
{
    const size_t length = strlen(check->id);

    if (result->error && strncmp(result->error, check->id, length) == 0 &&
        result->error[length] == ':')
        result->error = "a hidden check could not be judged";
}

void result_fold_hidden(struct result *result)
{
    struct check all = { .id = "hidden", .title = "Hidden checks", .passed = true, .hidden = true };
    size_t kept = 0;

    for (size_t i = 0; i < result->count; i++) {
        const struct check check = result->checks[i];
        char *message = (char *)check.message;

        if (!check.hidden) {
            result->checks[kept++] = check;
            continue;
        }
        fold_check(&all, &check);
        fold_error(result, &check);
        if (all.message) {
            free(message);
        } else {
            message[0] = '\0';
            all.message = message;
        }
    }
    if (all.message)
        result->checks[kept++] = all;
    result->count = kept;
    result->checks[kept] = (struct check){ 0 };
}
