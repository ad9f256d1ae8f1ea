/*
 * Values in rubrics: integers, challenges, what witnesses said, and + - * ^ & with
 * parentheses, which bind as in C: * before + and -, then &, then ^. Arithmetic is
 * modulo 2^64.
 */
#include "challenge.h"
#include "judgement.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NESTING_MAX = 32 };

struct parser {
    const struct judgement *j;
    const char *at;
    char *error;
    size_t error_size;
    bool missing;
    bool failed;
    unsigned depth;
};

static uint64_t parse_xor(struct parser *parser);

static uint64_t parse_error(struct parser *parser, const char *what)
{
    if (!parser->failed)
        snprintf(parser->error, parser->error_size, "%s at `%.20s`", what, parser->at);
    parser->failed = true;
    return 0;
}

static void skip_space(struct parser *parser)
{
    while (isspace((unsigned char)*parser->at))
        parser->at++;
}

static unsigned digit_value(char c)
{
    return isdigit((unsigned char)c) ? (unsigned)(c - '0')
                                     : (unsigned)(tolower((unsigned char)c) - 'a') + 10;
}

/* Digits may have _ between them. */
static uint64_t parse_number(struct parser *parser)
{
    unsigned base = 10;
    uint64_t value = 0;

    if (parser->at[0] == '0' && (parser->at[1] | 0x20) == 'x') {
        base = 16;
        parser->at += 2;
    }
    if (!isxdigit((unsigned char)*parser->at))
        return parse_error(parser, "a number is wanted");
    for (; isxdigit((unsigned char)*parser->at) || *parser->at == '_'; parser->at++) {
        if (*parser->at == '_')
            continue;
        if (digit_value(*parser->at) >= base)
            return parse_error(parser, "not a digit");
        value = value * base + digit_value(*parser->at);
    }
    return value;
}

static uint64_t parse_witness(struct parser *parser, char which, uint64_t step)
{
    const struct report *report = witness_find(parser->j, step, 0);

    if (!report) {
        snprintf(parser->error, parser->error_size,
                 "The program never came to its step %" PRIu64 ", which this check builds on.",
                 step);
        parser->failed = parser->missing = true;
        return 0;
    }
    return which == 'w' ? report->value : which == 'a' ? report->a : report->b;
}

static uint64_t parse_name(struct parser *parser)
{
    char which = *parser->at;
    uint64_t id;

    if (strncmp(parser->at, "seed", 4) == 0) {
        parser->at += 4;
        return parser->j->run->seed;
    }
    if (strncmp(parser->at, "mem", 3) == 0) {
        parser->at += 3;
        return (uint64_t)parser->j->run->mem_mib << 20;
    }
    if (!strchr("cwab", which) || !isdigit((unsigned char)parser->at[1]))
        return parse_error(parser, "an unknown name");
    parser->at++;
    id = parse_number(parser);
    if (which == 'c')
        return challenge_value(parser->j->run->key, id);
    return parse_witness(parser, which, id);
}

static uint64_t parse_primary(struct parser *parser)
{
    uint64_t value;

    skip_space(parser);
    if (parser->failed || parser->depth >= NESTING_MAX)
        return parse_error(parser, "nested too deep");
    if (isdigit((unsigned char)*parser->at))
        return parse_number(parser);
    if (isalpha((unsigned char)*parser->at))
        return parse_name(parser);
    if (*parser->at == '-') {
        parser->at++;
        parser->depth++;
        value = -parse_primary(parser);
        parser->depth--;
        return value;
    }
    if (*parser->at != '(')
        return parse_error(parser, "a value is wanted");
    parser->at++;
    parser->depth++;
    value = parse_xor(parser);
    parser->depth--;
    skip_space(parser);
    if (*parser->at != ')')
        return parse_error(parser, "`)` is wanted");
    parser->at++;
    return value;
}

static char next_operator(struct parser *parser, const char *which)
{
    skip_space(parser);
    return *parser->at && strchr(which, *parser->at) && !parser->failed ? *parser->at++ : '\0';
}

static uint64_t parse_product(struct parser *parser)
{
    uint64_t value = parse_primary(parser);

    while (next_operator(parser, "*"))
        value *= parse_primary(parser);
    return value;
}

static uint64_t parse_sum(struct parser *parser)
{
    uint64_t value = parse_product(parser);
    char op;

    while ((op = next_operator(parser, "+-"))) {
        uint64_t right = parse_product(parser);

        value = op == '+' ? value + right : value - right;
    }
    return value;
}

static uint64_t parse_and(struct parser *parser)
{
    uint64_t value = parse_sum(parser);

    while (next_operator(parser, "&"))
        value &= parse_sum(parser);
    return value;
}

static uint64_t parse_xor(struct parser *parser)
{
    uint64_t value = parse_and(parser);

    while (next_operator(parser, "^"))
        value ^= parse_and(parser);
    return value;
}

bool expression_value(const struct judgement *j, const char *text, uint64_t *out, bool *missing,
                      char *error, size_t error_size)
{
    struct parser parser = { .j = j, .at = text, .error = error, .error_size = error_size };
    uint64_t value = parse_xor(&parser);

    skip_space(&parser);
    if (!parser.failed && *parser.at)
        parse_error(&parser, "nothing more is wanted");
    *missing = parser.missing;
    if (!parser.failed)
        *out = value;
    return !parser.failed;
}
