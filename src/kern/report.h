/*
 * Parts of the panic's report. Private to kern. All but
 * report_map_screen are for a running panic.
 */
#pragma once

#include "arch/trap_frame.h"
#include "lib/err.h"

/* Map the VGA text screen, once the kernel's page tables stand. Errors: ERR_NOMEM. */
err_t report_map_screen(void);

/* One line, to COM1, the host and the VGA text screen. */
void report_line(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* A word of kernel memory; false if there is none. */
bool report_read(uint64_t addr, uint64_t *out);

/* A code address with its function's name, or without. */
void report_code(const char *what, uint64_t addr);

/* The tables' entries that translate va, down from CR3, with their bits in words. */
void report_walk(uint64_t va);

/* Where the code was, and return addresses along the chain of saved frame pointers. */
void report_backtrace(const struct trap_frame *frame);

/* "#PF page fault" and the like. */
const char *report_exception_name(uint64_t vector);

/* What the exception was: name and error code in words. */
void report_exception(const struct trap_frame *frame, uint64_t fault_addr);
