/* The first contents of a program's stack; a part of exec. */
#pragma once

#include "lib/err.h"
#include "lib/types.h"

struct elf_plan;
struct exec_program;
struct exec_request;

/* How much there is to write. */
struct stack_sizes {
    uint64_t argc, envc;
    uint64_t string_bytes; /* of the path, arguments and environment, each with its NUL */
};

/* Read through the caller's strings. Errors: ERR_2BIG, ERR_FAULT. */
err_t exec_measure_stack(const struct exec_request *request, struct stack_sizes *sizes);

/*
 * Write strings, auxiliary vector, environment, arguments and argc into the
 * program's stack, which is reserved, and set program->rsp.
 * Errors: ERR_FAULT if the strings are no longer as measured, ERR_NOMEM.
 */
err_t exec_write_stack(const struct exec_request *request, const struct stack_sizes *sizes,
                       const struct elf_plan *plan, struct exec_program *program);
