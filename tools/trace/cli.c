#include "cli.h"

#include "same_file.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static void cli_vline(const char *fmt, va_list args)
{
    char *line = NULL;

    if (vasprintf(&line, fmt, args) < 0)
        return;
    fputs("quire: ", stderr);
    cli_print_safe(stderr, line);
    fputc('\n', stderr);
    free(line);
}

void cli_fail(enum cli_status status, const char *fmt, ...)
{
    va_list args;

    fflush(stdout);
    va_start(args, fmt);
    cli_vline(fmt, args);
    va_end(args);
    exit(status);
}

void cli_warn(const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    cli_vline(fmt, args);
    va_end(args);
}

bool cli_number(const char *text, uint64_t *out)
{
    int base = strncasecmp(text, "0x", 2) == 0 ? 16 : 10;
    char *end;

    if (!isxdigit((unsigned char)text[0]))
        return false;
    errno = 0;
    *out = strtoull(text, &end, base);
    return errno == 0 && end != text && *end == '\0';
}

uint64_t cli_option_number(const char *option, const char *text)
{
    uint64_t value;

    if (!cli_number(text, &value))
        cli_fail(CLI_USAGE, "%s takes a number, decimal or 0x..., not '%s'", option, text);
    return value;
}

void cli_print_safe(FILE *out, const char *text)
{
    for (; *text; text++)
        fputc((unsigned char)*text < 0x20 || *text == 0x7f ? '?' : *text, out);
}

void *cli_alloc(size_t count, size_t size)
{
    void *memory = calloc(count, size);

    if (!memory)
        cli_fail(CLI_ERROR, "not enough memory");
    return memory;
}

void *cli_grow(void *array, size_t used, size_t *capacity, size_t size)
{
    if (used < *capacity)
        return array;
    *capacity = *capacity ? *capacity * 2 : 64;
    array = reallocarray(array, *capacity, size);
    if (!array)
        cli_fail(CLI_ERROR, "not enough memory");
    return array;
}

void cli_keep_apart(const char *input, const char *output)
{
    if (same_file(input, output))
        cli_fail(CLI_USAGE, "%s would be overwritten; give another name with -o", input);
}

void cli_exit(enum cli_status status)
{
    if (fflush(stdout) != 0 || ferror(stdout))
        cli_fail(CLI_ERROR, "cannot write the output: %m");
    exit(status);
}
