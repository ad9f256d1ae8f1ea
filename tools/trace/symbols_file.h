/* The functions of one ELF file; see symbols.h for the whole. */
#pragma once

#include <elfutils/libdwfl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct function {
    uint64_t addr, size; /* as loaded; size up to the next one where the file tells none */
    const char *name;    /* the file's own bytes */
};

struct symbol_file {
    Dwfl *dwfl;
    Dwfl_Module *module;
    struct function *function; /* by address */
    size_t functions;
    uint64_t low, high; /* addresses that the file takes up */
};

/* Load a file at its addresses plus bias. False with one line in error; then nothing is kept. */
bool symbol_file_load(struct symbol_file *file, const char *path, uint64_t bias, char *error,
                      size_t error_size);
void symbol_file_free(struct symbol_file *file);

/* The function that contains an address, or NULL. */
const struct function *symbol_file_find(const struct symbol_file *file, uint64_t addr);

/* Copy a name with what is not printable replaced by '?'. */
void symbol_copy_name(char *buf, size_t size, const char *name);
