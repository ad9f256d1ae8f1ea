/* The first contents of a program's stack; a part of exec. */
#pragma once

#include "lib/err.h"
#include "lib/types.h"

struct elf_plan;
struct exec_program;
struct exec_request;

/*
 * Write strings, auxiliary vector, environment, arguments and argc into the
 * program's stack, which is reserved, and set program->rsp.
 * Errors: ERR_2BIG, ERR_FAULT, ERR_NOMEM.
 */
err_t exec_write_stack(const struct exec_request *request, const struct elf_plan *plan,
                       struct exec_program *program);
