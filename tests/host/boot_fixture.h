/*
 * Boot information made by hand: a Multiboot2 information or a PVH start
 * information at INFO in a memory of MEMORY bytes, which is exactly as large as
 * malloc gave, so that the sanitizer sees a read behind its end.
 */
#pragma once

#include "boot/boot_read.h"

enum { MEMORY = 0x4000, INFO = 0x1000 };

extern uint8_t *memory;
extern uint64_t at; /* where the next bytes go */

struct boot_memory view(void);

/* Append a number of so many bytes. */
void put(uint64_t value, unsigned bytes);

/* Append parts of a Multiboot2 information, between mbi_begin and mbi_end. */
void mbi_begin(void);
void tag_begin(uint32_t type, uint32_t payload);
void put_entry(uint64_t base, uint64_t len, uint32_t type);
void tag_string(uint32_t type, const char *text);
void tag_module(uint32_t start, uint32_t end);
void tag_map(void);
void mbi_end(void);

/* Whole, good ones; `at` is their end. */
void make_mbi(void);
void make_pvh(void);

/* boot_read at INFO; a reason must come with an error, and only then. */
err_t read_info(uint32_t magic, struct boot_info *info);

/* What boot_info.h promises of anything that was accepted. */
void check_promises(const struct boot_info *info);
