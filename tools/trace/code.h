/*
 * The instruction at an address, from the ELF files that were loaded there.
 * What the guest wrote over its code does not show.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct code;

/* NULL when memory is out. */
struct code *code_new(void);
void code_free(struct code *code);

/*
 * Add a file; its addresses are as linked, plus bias, which counts for
 * position-independent programs only. One that cannot be read adds nothing.
 */
void code_add(struct code *code, const char *path, uint64_t bias);

/*
 * Where the code at a physical address is linked to run: a kernel for the
 * higher half begins where it was loaded. addr itself if it is in no file.
 */
uint64_t code_linked(const struct code *code, uint64_t addr);

/* "mov rax, qword ptr [rdi]"; empty where nothing is known. Returns buf. */
const char *code_at(struct code *code, uint64_t addr, char *buf, size_t size);
