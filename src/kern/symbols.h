/*
 * Names of the kernel's functions. The table is part of the image: the build
 * links once without it, takes the names and addresses of all text symbols,
 * and links again with the table at the end of rodata, where no code moves.
 */
#pragma once

#include "lib/types.h"

struct symbol {
    uint64_t addr;
    const char *name;
};

extern const struct symbol symbol_table[]; /* sorted by addr */
extern const unsigned symbol_count;

/* Name of the function that addr lies in, and how far inside; null if unknown. */
const char *symbol_find(uint64_t addr, uint64_t *offset);
