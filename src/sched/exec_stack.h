/* The first contents of a program's stack; a part of exec. */
#pragma once

#include "lib/err.h"
#include "lib/types.h"

struct elf_plan;
struct exec_program;
struct exec_request;

/* How much there is to write, bytes; and the number of arguments. */
struct stack_sizes {
    uint64_t words, strings, argc;
};

/* Read through the caller's strings. Errors: ERR_2BIG, ERR_FAULT. */
err_t exec_measure_stack(const struct exec_request *request, struct stack_sizes *sizes);

/*
 * Write all into the program's stack, which is reserved, and set program->rsp.
 * Errors: ERR_2BIG if the strings have grown since, ERR_FAULT, ERR_NOMEM.
 */
err_t exec_write_stack(const struct exec_request *request, const struct stack_sizes *sizes,
                       const struct elf_plan *plan, struct exec_program *program);
