/* Names and lines for addresses, over all files: see symbols.h. */
#include "symbols.h"

#include "symbols_file.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct symbols {
    struct symbol_file *file;
    size_t files;
};

struct symbols *symbols_new(void)
{
    return calloc(1, sizeof(struct symbols));
}

void symbols_free(struct symbols *symbols)
{
    if (!symbols)
        return;
    for (size_t i = 0; i < symbols->files; i++)
        symbol_file_free(&symbols->file[i]);
    free(symbols->file);
    free(symbols);
}

bool symbols_add(struct symbols *symbols, const char *path, uint64_t bias, char *error,
                 size_t error_size)
{
    void *const larger = realloc(symbols->file, (symbols->files + 1) * sizeof *symbols->file);
    if (!larger) {
        snprintf(error, error_size, "%s: out of memory", path);
        return false;
    }
    symbols->file = larger;
    if (!symbol_file_load(&symbols->file[symbols->files], path, bias, error, error_size))
        return false;
    symbols->files++;
    return true;
}

static const struct function *find_function(const struct symbols *symbols, uint64_t addr)
{
    for (size_t i = 0; i < symbols->files; i++) {
        const struct function *const function = symbol_file_find(&symbols->file[i], addr);
        if (function)
            return function;
    }
    return NULL;
}

const char *symbols_name(struct symbols *symbols, uint64_t addr, char *buf, size_t size)
{
    const struct function *const function = find_function(symbols, addr);
    if (!function) {
        snprintf(buf, size, "0x%" PRIx64, addr);
        return buf;
    }
    symbol_copy_name(buf, size, function->name);
    const size_t used = size ? strlen(buf) : 0;
    if (addr != function->addr)
        snprintf(buf + used, size - used, "+0x%" PRIx64, addr - function->addr);
    return buf;
}

static bool file_line(const struct symbol_file *file, uint64_t addr, char *buf, size_t size)
{
    if (addr < file->low || addr >= file->high)
        return false;
    Dwfl_Line *const line = dwfl_module_getsrc(file->module, addr);
    int number = 0;
    const char *const name = line ? dwfl_lineinfo(line, NULL, &number, NULL, NULL, NULL) : NULL;
    if (!name || number <= 0)
        return false;
    symbol_copy_name(buf, size, name);
    const size_t used = size ? strlen(buf) : 0;
    snprintf(buf + used, size - used, ":%d", number);
    return true;
}

bool symbols_line(struct symbols *symbols, uint64_t addr, char *buf, size_t size)
{
    for (size_t i = 0; i < symbols->files; i++)
        if (file_line(&symbols->file[i], addr, buf, size))
            return true;
    return false;
}

bool symbols_find(struct symbols *symbols, const char *name, uint64_t *addr)
{
    for (size_t i = 0; i < symbols->files; i++)
        for (size_t n = 0; n < symbols->file[i].functions; n++)
            if (strcmp(symbols->file[i].function[n].name, name) == 0) {
                *addr = symbols->file[i].function[n].addr;
                return true;
            }
    return false;
}

void symbols_each(struct symbols *symbols,
                  bool (*visit)(void *arg, uint64_t addr, uint64_t size, const char *name),
                  void *arg)
{
    char name[SYMBOL_NAME_MAX];
    for (size_t i = 0; i < symbols->files; i++)
        for (size_t n = 0; n < symbols->file[i].functions; n++) {
            const struct function *const function = &symbols->file[i].function[n];
            symbol_copy_name(name, sizeof name, function->name);
            if (!visit(arg, function->addr, function->size, name))
                return;
        }
}
