#include "setup.h"

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
    setup.symbol = setup_grow(setup.symbol, (setup.symbols + 1) * sizeof(*setup.symbol));
    setup.symbol[setup.symbols++] = strtoull(value, NULL, 16);
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
    else
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
