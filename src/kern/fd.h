/*
 * File descriptor tables, one a process and only touched by it: no lock.
 */
#pragma once

#include "lib/err.h"
#include "lib/types.h"

struct fd_table;
struct file;

enum { FD_MAX = 1024 }; /* as Linux allows by default */

/* A table with standard input, output and error. Errors: ERR_NOMEM. */
err_t fd_table_new(struct fd_table **out);

/* fork: the same open files under the same numbers. Errors: ERR_NOMEM. */
err_t fd_table_clone(const struct fd_table *table, struct fd_table **out);

/* Close all. */
void fd_table_free(struct fd_table *table);

/* The following are about the current process. */

/* The file behind fd, borrowed for this system call. Errors: ERR_BADF. */
err_t fd_find(int fd, struct file **out);

/* Put a file under the lowest free number from `lowest`; the table takes the reference.
 * Errors: ERR_MFILE, ERR_INVAL for a lowest past the end, ERR_NOMEM; the caller then keeps it. */
err_t fd_install(struct file *file, int lowest, bool close_on_exec, int *fd);

/* dup2: put one more reference to file under fd, 0 <= fd < FD_MAX, closing what was there.
 * Errors: ERR_NOMEM. */
err_t fd_replace(struct file *file, int fd, bool close_on_exec);

/* Errors: ERR_BADF. */
err_t fd_close(int fd);

/* Of an open fd. */
bool fd_close_on_exec(int fd);
void fd_set_close_on_exec(int fd, bool on);

/* exec: close what is marked. */
void fd_close_marked(void);
