#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TEXT_BYTES_MAX = 16 << 20 };

bool text_fail(char *error, size_t error_size, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    vsnprintf(error, error_size, fmt, args);
    va_end(args);
    return false;
}

void *text_alloc(size_t size)
{
    void *memory = calloc(1, size ? size : 1);

    if (!memory)
        abort();
    return memory;
}

char *text_copy(const char *from, size_t length)
{
    char *copy = text_alloc(length + 1);

    memcpy(copy, from, length);
    return copy;
}

char *text_path(const char *root, const char *relative)
{
    char *path;

    if (asprintf(&path, "%s/%s", root, relative) < 0)
        abort();
    return path;
}

static char *read_open(FILE *file, const struct stat *info, size_t *length)
{
    char *text = text_alloc((size_t)info->st_size + 1);

    *length = fread(text, 1, (size_t)info->st_size, file);
    if (ferror(file)) {
        free(text);
        return NULL;
    }
    return text;
}

char *text_read(const char *path, size_t *length, char *error, size_t error_size)
{
    FILE *file = fopen(path, "re");
    struct stat info;
    char *text = NULL;

    if (!file || fstat(fileno(file), &info) != 0) {
        text_fail(error, error_size, "%s: %m", path);
    } else if (!S_ISREG(info.st_mode) || info.st_size > TEXT_BYTES_MAX) {
        text_fail(error, error_size, "%s: not a file of at most 16 MiB", path);
    } else {
        text = read_open(file, &info, length);
        if (!text)
            text_fail(error, error_size, "%s: cannot be read", path);
    }
    if (file)
        fclose(file);
    return text;
}

bool text_write(const char *path, const char *text, size_t length, char *error, size_t error_size)
{
    char *temporary;
    struct stat info = { .st_mode = 0644 };
    FILE *file;
    bool good;

    if (asprintf(&temporary, "%s~", path) < 0)
        abort();
    file = fopen(temporary, "we");
    stat(path, &info);
    good = file && fwrite(text, 1, length, file) == length;
    if (file)
        good = fclose(file) == 0 && good;
    good = good && chmod(temporary, info.st_mode & 07777) == 0 && rename(temporary, path) == 0;
    if (!good) {
        text_fail(error, error_size, "%s: cannot be written: %m", path);
        unlink(temporary);
    }
    free(temporary);
    return good;
}
