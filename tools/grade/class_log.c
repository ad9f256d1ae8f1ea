/*
 * The report of a submission that no grader ran for, or not for all of it: what its result
 * says, much as a grader's own report (report.c) does. And what has to change in that.
 */
#include "class.h"

#include "grading.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *text_of(const json_t *table, const char *key)
{
    const char *text = json_string_value(json_object_get(table, key));

    return text ? text : "";
}

static void put_line(FILE *out, const char *label, const char *text)
{
    if (*text)
        fprintf(out, "          %s%s\n", label, text);
}

static void put_check(FILE *out, const json_t *check)
{
    const json_t *line;
    size_t i;

    fprintf(out, "  %-7s %3lld/%-3lld  %s\n", text_of(check, "status"),
            (long long)json_integer_value(json_object_get(check, "points")),
            (long long)json_integer_value(json_object_get(check, "max")), text_of(check, "title"));
    if (strcmp(text_of(check, "status"), "passed") == 0)
        return;
    put_line(out, "", text_of(check, "message"));
    put_line(out, "at      ", text_of(check, "where"));
    json_array_foreach(json_object_get(check, "evidence"), i, line)
        put_line(out, "before  ", json_is_string(line) ? json_string_value(line) : "");
    put_line(out, "hint    ", text_of(check, "hint"));
    put_line(out, "look    ", text_of(check, "command"));
    put_line(out, "page    ", text_of(check, "page"));
}

static void put_result(FILE *out, const json_t *result)
{
    const char *output = text_of(json_object_get(result, "build"), "output");
    const json_t *one;
    size_t i;

    if (*output)
        fprintf(out, "the compiler says\n%s\n", output);
    json_array_foreach(json_object_get(result, "host_tests"), i, one)
    {
        if (strcmp(text_of(one, "status"), "passed") != 0)
            fprintf(out, "host test %s: %s\n%s\n", text_of(one, "name"), text_of(one, "status"),
                    text_of(one, "output"));
    }
    json_array_foreach(json_object_get(result, "checks"), i, one) put_check(out, one);
    if (*text_of(result, "error"))
        fprintf(out, "could not be graded: %s\n", text_of(result, "error"));
    else
        fprintf(out, "%lld of %lld points (seed %lld)\n",
                (long long)json_integer_value(json_object_get(result, "points")),
                (long long)json_integer_value(json_object_get(result, "max")),
                (long long)json_integer_value(json_object_get(result, "seed")));
}

void class_log_write(const struct class_plan *plan, size_t index, const json_t *result,
                     const char *why)
{
    char path[PATH_MAX];
    FILE *out = fopen(class_path(plan, index, "log.txt", path), "we");

    if (!out)
        return;
    fprintf(out, "lab %lld, %s: %s\n%s",
            (long long)json_integer_value(json_object_get(plan->options, "number")),
            class_option(plan, "title"), plan->entries[index].source, why);
    put_result(out, result);
    fclose(out);
}

void class_log_leave_work(const struct class_plan *plan, size_t index)
{
    const unsigned lab = (unsigned)json_integer_value(json_object_get(plan->options, "number"));
    char path[PATH_MAX], work[PATH_MAX], error[CLASS_ERROR];
    size_t size = 0;

    class_path(plan, index, "work/", work);
    class_path(plan, index, "log.txt", path);
    char *text = text_read(path, &size, error, sizeof(error));
    FILE *out = text ? fopen(path, "we") : NULL;

    if (out) {
        const char *at = text, *end = text + size, *found;

        while ((found = memmem(at, (size_t)(end - at), work, strlen(work)))) {
            fwrite(at, 1, (size_t)(found - at), out);
            fprintf(out, GRADING_WORK "/", lab);
            at = found + strlen(work);
        }
        fwrite(at, 1, (size_t)(end - at), out);
        fclose(out);
    }
    free(text);
}
