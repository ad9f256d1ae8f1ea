#include "setup.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct setup setup;

void setup_refuse(const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    fputs("recorder: ", stderr);
    vfprintf(stderr, fmt, args);
    fputc('\n', stderr);
    va_end(args);
    _exit(RECORDER_UNSUITABLE);
}

static void *setup_grow(void *old, size_t bytes)
{
    void *new = realloc(old, bytes);

    if (!new)
        setup_refuse("out of memory");
    return new;
}

static void setup_add_symbol(const char *value)
{
    char *rest;
    uint64_t address = strtoull(value, &rest, 16);

    setup.symbol = setup_grow(setup.symbol, (setup.symbols + 1) * sizeof(*setup.symbol));
    setup.symbol[setup.symbols++] =
        (struct setup_symbol){ address, (unsigned)strtoul(rest, NULL, 10) };
}

static void setup_add_tick(const char *value)
{
    size_t bytes = (setup.jitter_ticks + 1) * sizeof(*setup.jitter_tick);

    setup.jitter_tick = setup_grow(setup.jitter_tick, bytes);
    setup.jitter_tick[setup.jitter_ticks++] = strtoull(value, NULL, 10);
}

static void setup_add_program(const char *path)
{
    setup.program = setup_grow(setup.program, (setup.programs + 1) * sizeof(*setup.program));
    setup.program[setup.programs++] = (struct setup_program){ .path = strdup(path) };
}

/* One of the lines about the last program. False if it is none. */
static bool setup_take_program(const char *word, const char *value)
{
    struct setup_program *program;
    struct setup_code *code;

    if (strcmp(word, "program") == 0) {
        setup_add_program(value);
        return true;
    }
    if (setup.programs == 0)
        return false;
    program = &setup.program[setup.programs - 1];
    if (strcmp(word, "lab") == 0)
        return sscanf(value, "%" SCNx64 " %" SCNx64, &program->challenge, &program->witness) == 2;
    if (strcmp(word, "code") != 0 || program->segments == SETUP_SEGMENTS_MAX)
        return false;
    code = &program->code[program->segments++];
    return sscanf(value, "%" SCNx64 " %" SCNx64 " %" SCNx64, &code->address, &code->offset,
                  &code->bytes) == 3;
}

static void setup_add_parameter(const char *value)
{
    size_t len = strlen(value);

    setup.parameters = setup_grow(setup.parameters, setup.parameter_bytes + len + 1);
    memcpy(setup.parameters + setup.parameter_bytes, value, len);
    setup.parameters[setup.parameter_bytes + len] = '\n';
    setup.parameter_bytes += len + 1;
}

static void setup_take(const char *word, const char *value)
{
    if (strcmp(word, "out") == 0)
        setup.out = strdup(value);
    else if (strcmp(word, "ram-dump") == 0)
        setup.ram_dump = strdup(value);
    else if (strcmp(word, "memory") == 0)
        setup.memory = strtoull(value, NULL, 10);
    else if (strcmp(word, "entry") == 0)
        setup.entry = strtoull(value, NULL, 16);
    else if (strcmp(word, "max-ticks") == 0)
        setup.max_ticks = strtoull(value, NULL, 10);
    else if (strcmp(word, "max-events") == 0)
        setup.max_events = strtoull(value, NULL, 10);
    else if (strcmp(word, "symbol") == 0)
        setup_add_symbol(value);
    else if (strcmp(word, "parameter") == 0)
        setup_add_parameter(value);
    else if (strcmp(word, "jitter") == 0)
        setup.jitter = strtoull(value, NULL, 10);
    else if (strcmp(word, "jitter-at") == 0)
        setup_add_tick(value);
    else if (strcmp(word, "user-state") == 0)
        setup.user_state = true;
    else if (strcmp(word, "challenge") == 0)
        setup.has_key = true, setup.key = strtoull(value, NULL, 10);
    else if (!setup_take_program(word, value))
        setup_refuse("the setup has an unknown word '%s'", word);
}

void setup_read(const char *path)
{
    FILE *file = fopen(path, "r");
    char *line = NULL;
    size_t size = 0;

    if (!file)
        setup_refuse("cannot read %s: %m", path);
    while (getline(&line, &size, file) > 0) {
        char *value;

        line[strcspn(line, "\n")] = '\0';
        value = strchr(line, ' ');
        if (!value)
            setup_refuse("the setup has a line without a value");
        *value++ = '\0';
        setup_take(line, value);
    }
    free(line);
    fclose(file);
    if (!setup.out || !setup.entry || !setup.memory)
        setup_refuse("the setup lacks out, entry or memory");
}
