/*
 * How a property or a fact is written down:
 *
 *     PROPERTY(no_dead_halt, "The CPU never halts with interrupts off")
 *     {
 *         while (judgement_next(j)) ...
 *     }
 *
 * Its name must also be in list.h.
 */
#pragma once

#include "judgement.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INTEGER(name, meaning)                                                                     \
    {                                                                                              \
        name, PARAMETER_INTEGER, false, meaning                                                    \
    }
#define INTEGER_(name, meaning)                                                                    \
    {                                                                                              \
        name, PARAMETER_INTEGER, true, meaning                                                     \
    } /* required */
#define BOOLEAN(name, meaning)                                                                     \
    {                                                                                              \
        name, PARAMETER_BOOLEAN, false, meaning                                                    \
    }
#define TEXT(name, meaning)                                                                        \
    {                                                                                              \
        name, PARAMETER_TEXT, false, meaning                                                       \
    }
#define TEXT_(name, meaning)                                                                       \
    {                                                                                              \
        name, PARAMETER_TEXT, true, meaning                                                        \
    }
#define TEXTS(name, meaning)                                                                       \
    {                                                                                              \
        name, PARAMETER_TEXTS, false, meaning                                                      \
    }
#define TEXTS_(name, meaning)                                                                      \
    {                                                                                              \
        name, PARAMETER_TEXTS, true, meaning                                                       \
    }
#define VALUE(name, meaning)                                                                       \
    {                                                                                              \
        name, PARAMETER_VALUE, false, meaning                                                      \
    }
#define VALUE_(name, meaning)                                                                      \
    {                                                                                              \
        name, PARAMETER_VALUE, true, meaning                                                       \
    }
#define INTEGERS(name, meaning)                                                                    \
    {                                                                                              \
        name, PARAMETER_INTEGERS, false, meaning                                                   \
    }

#define RANGE                                                                                      \
    VALUE_("va", "first address of the range"), VALUE("bytes", "its length; one page if missing")
#define MOMENT                                                                                     \
    INTEGER("step", "the witness at which to look; missing: the end"),                             \
        INTEGER("nth", "which of its occurrences, from 1")

#define PROPERTY(id, text, ...)                                                                    \
    static const struct parameter id##_parameters[] = { __VA_ARGS__ __VA_OPT__(, ){                \
        NULL, PARAMETER_INTEGER, false, NULL } };                                                  \
    static void judge_property_##id(struct judgement *j);                                          \
    const struct property property_##id = { #id, text, id##_parameters, judge_property_##id };     \
    static void judge_property_##id(struct judgement *j)

#define FACT(id, text, ...)                                                                        \
    static const struct parameter id##_parameters[] = { __VA_ARGS__ __VA_OPT__(, ){                \
        NULL, PARAMETER_INTEGER, false, NULL } };                                                  \
    static bool get_fact_##id(struct judgement *j, uint64_t *out);                                 \
    const struct fact fact_##id = { #id, text, id##_parameters, get_fact_##id };                   \
    static bool get_fact_##id(struct judgement *j, uint64_t *out)

#include "list.h"
#include "list_labs.h"

#define DECLARE(id) extern const struct property property_##id;
PROPERTY_LIST(DECLARE)
LAB_PROPERTY_LIST(DECLARE)
#undef DECLARE
#define DECLARE(id) extern const struct fact fact_##id;
FACT_LIST(DECLARE)
#undef DECLARE
