/*
 * exec: a new program in two steps. exec_build makes a whole new address space
 * beside the old one, and may fail at any point with nothing changed;
 * exec_commit exchanges the two and cannot fail.
 *
 * The new address space (System V ABI AMD64 supplement, "Process
 * Initialization"):
 *
 *     ELF segments | brk grows up ...      ... | guard | stack 8 MiB | USER_MAX
 *                                                       | argc argv envp auxv strings |
 */
#pragma once

#include "lib/err.h"
#include "lib/types.h"

struct address_space;

enum { EXEC_RANDOM = 16 /* bytes behind AT_RANDOM */ };

#define STACK_SIZE  (8 * 1024 * UINT64_C(1024))
#define STACK_GUARD (1024 * UINT64_C(1024))
#define STACK_START (USER_MAX - STACK_SIZE)

struct exec_request {
    const void *file; /* the ELF file, in kernel memory */
    uint64_t size;
    const char *path;   /* how the program was called: AT_EXECFN */
    vaddr_t argv, envp; /* the caller's arrays of strings, in its memory; 0: none */
    uint8_t random[EXEC_RANDOM];
};

struct exec_program {
    struct address_space *as; /* owned */
    vaddr_t entry, rsp, brk;
};

/*
 * Build the program. Argument strings are read from the loaded address space.
 * Errors: ERR_NOEXEC with a line on the log, ERR_2BIG, ERR_FAULT, ERR_NOMEM.
 */
err_t exec_build(const struct exec_request *request, struct exec_program *out);

/*
 * Make the current task run the program: address space, registers, FPU, brk;
 * caught signals get their default back, the parent of a vfork goes on. exe is
 * the program's path in the image, which outlives it. The task enters it by
 * returning to its trap frame.
 */
void exec_commit(const struct exec_program *program, const char *exe);
