/*
 * What the parameters of a check say: a mistake here would be found by each judge on each
 * submission, which could not be graded then.
 */
#include "properties/control_bits.h"
#include "properties/judgement.h"
#include "rubric.h"
#include "text.h"

#include <ctype.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Parameters that name functions whose calls the run must record. */
static const char *const function_keys[] = { "alloc", "free",  "function", "functions",
                                             "get",   "inner", "outer" };

/* The name of a bit, if this is a parameter that takes one. */
static bool verify_bit(const char *key, const char *text, char *why, size_t why_size)
{
    const struct control_bit *bit = control_bits_of(key);
    char known[100] = "";
    size_t used = 0;

    for (; bit && bit->name; bit++) {
        if (strcmp(bit->name, text) == 0)
            return true;
        used += (size_t)snprintf(known + used, sizeof(known) - used, " %s", bit->name);
    }
    return !bit ||
           text_fail(why, why_size, "`%s` has \"%.40s\", which is none of%s", key, text, known);
}

static bool run_records(const struct rubric_run *run, const char *function)
{
    bool found = run->calls.count == 0; /* the recorder's own list */

    for (size_t i = 0; i < run->calls.count && !found; i++) {
        char *pattern = text_copy(run->calls.at[i], strcspn(run->calls.at[i], "@"));

        found = fnmatch(pattern, function, 0) == 0 || strcmp(pattern, "all") == 0;
        free(pattern);
    }
    return found;
}

static bool verify_text(const struct rubric_run *run, const char *key, const char *text, char *why,
                        size_t why_size)
{
    for (size_t i = 0; i < sizeof(function_keys) / sizeof(function_keys[0]); i++) {
        if (strcmp(function_keys[i], key) == 0 && !run_records(run, text))
            return text_fail(why, why_size, "`%s` has \"%.60s\", which the run's `calls` lack", key,
                             text);
    }
    return verify_bit(key, text, why, why_size);
}

/*
 * Can the expression be understood? A witness has no value before there is a run, so a
 * challenge stands for it.
 */
static bool verify_expression(const char *key, const char *text, char *why, size_t why_size)
{
    const struct run run = { 0 };
    struct judgement *j = text_alloc(sizeof(*j));
    char *copy = text_copy(text, strlen(text)), error[200] = "";
    bool missing, good;
    uint64_t value;

    j->run = &run;
    for (char *at = copy; *at; at++) {
        if (strchr("wab", *at) && isdigit((unsigned char)at[1]) &&
            (at == copy || !isalnum((unsigned char)at[-1])))
            *at = 'c';
    }
    good = expression_value(j, copy, &value, &missing, error, sizeof(error)) ||
           text_fail(why, why_size, "`%s` = \"%.60s\" cannot be understood: %s", key, text, error);
    free(copy);
    free(j);
    return good;
}

static bool is_expression(const struct rubric_check *check, const char *key)
{
    const struct parameter *p =
        check->property ? check->property->parameters : check->fact->parameters;

    while (p && p->name && strcmp(p->name, key) != 0)
        p++;
    return p && p->name && p->type == PARAMETER_VALUE;
}

bool rubric_verify_with(const struct rubric *rubric, const struct rubric_check *check, char *why,
                        size_t why_size)
{
    const char *key;
    json_t *value, *item;
    size_t i;

    json_object_foreach((json_t *)check->with, key, value)
    {
        const struct rubric_run *run = &rubric->runs[check->run];
        const char *text = json_string_value(value);

        if (text && is_expression(check, key) && !verify_expression(key, text, why, why_size))
            return false;
        if (text && !verify_text(run, key, text, why, why_size))
            return false;
        json_array_foreach(value, i, item)
        {
            text = json_string_value(item);
            if (text && !verify_text(run, key, text, why, why_size))
                return false;
        }
    }
    return true;
}
