/*
 * Names and source lines for addresses, from ELF symbol tables and DWARF
 * (elfutils' libdw). Several files may be added: the kernel, and the programs
 * that ran on it; where they overlap, the one added first answers.
 *
 * The files may be made by anyone. Only they are read, no debug information from
 * elsewhere; names are given out with what is not printable replaced by '?'.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SYMBOL_NAME_MAX = 256 }; /* symbols_each cuts off longer ones */

struct symbols;

/* NULL if memory is out. */
struct symbols *symbols_new(void);
void symbols_free(struct symbols *symbols);

/*
 * Add a file; its addresses are as linked, plus bias, which counts for
 * position-independent programs only. False with one line in error.
 */
bool symbols_add(struct symbols *symbols, const char *path, uint64_t bias, char *error,
                 size_t error_size);

/* "name+0x12", or "0x401234" where nothing is known. Returns buf. */
const char *symbols_name(struct symbols *symbols, uint64_t addr, char *buf, size_t size);

/*
 * "src/vm/fault.c:123", as the compiler wrote it down; false if unknown. For a
 * return address ask for the byte before it, which belongs to the call.
 */
bool symbols_line(struct symbols *symbols, uint64_t addr, char *buf, size_t size);

/* Address of a function by name; false if there is none. */
bool symbols_find(struct symbols *symbols, const char *name, uint64_t *addr);

/*
 * Call visit for each function (address, size, name) of each file by address,
 * until it returns false. Of several names for one address there is one.
 */
void symbols_each(struct symbols *symbols,
                  bool (*visit)(void *arg, uint64_t addr, uint64_t size, const char *name),
                  void *arg);
