/*
 * Names and source lines for addresses, from ELF symbol tables and DWARF
 * (elfutils' libdw). Several files may be added: the kernel, and the programs
 * that ran on it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct symbols;

struct symbols *symbols_new(void);
void symbols_free(struct symbols *symbols);

/* Add a file; its addresses are as linked, plus bias. False with one line in error. */
bool symbols_add(struct symbols *symbols, const char *path, uint64_t bias, char *error,
                 size_t error_size);

/* "name+0x12", or "0x401234" where nothing is known. Returns buf. */
const char *symbols_name(struct symbols *symbols, uint64_t addr, char *buf, size_t size);

/* "src/vm/fault.c:123"; false if unknown. */
bool symbols_line(struct symbols *symbols, uint64_t addr, char *buf, size_t size);

/* Address of a function by name; false if there is none. */
bool symbols_find(struct symbols *symbols, const char *name, uint64_t *addr);

/* Call visit for each function symbol (address, size, name) of a file, until it returns false. */
void symbols_each(struct symbols *symbols,
                  bool (*visit)(void *arg, uint64_t addr, uint64_t size, const char *name),
                  void *arg);
