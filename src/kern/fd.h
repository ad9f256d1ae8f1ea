/*
 * File descriptors: a table for each process, touched by it alone. Numbers come
 * in chunks that exist once they are used: most programs need the first one.
 */
#pragma once

#include "lib/err.h"
#include "lib/types.h"

struct fd_chunk;
struct file;

enum { FD_MAX = 1024 /* as Linux allows by default */, FD_CHUNK = 64 };

struct fd_table {
    struct fd_chunk *chunk[FD_MAX / FD_CHUNK]; /* (t) null: all free */
};

/* Fill an empty table with standard input, output and error. Errors: ERR_NOMEM: fd_table_close. */
err_t fd_table_open_standard(struct fd_table *table);

/* fork: fill an empty table with the same open files. Errors: ERR_NOMEM: fd_table_close. */
err_t fd_table_copy(const struct fd_table *from, struct fd_table *to);

/* Close all. */
void fd_table_close(struct fd_table *table);

/* The following are about the current process. */

/* The file behind fd, borrowed for this system call. Errors: ERR_BADF. */
err_t fd_find(int fd, struct file **out);

/*
 * Give a file the lowest free number from `lowest`, with a reference of its own.
 * Errors: ERR_INVAL for a lowest past the end, ERR_MFILE, ERR_NOMEM.
 */
err_t fd_install(struct file *file, int lowest, bool close_on_exec, int *fd);

/* The same for a given number, closing what was there. Errors: ERR_BADF past the end, ERR_NOMEM. */
err_t fd_replace(struct file *file, int fd, bool close_on_exec);

/* Errors: ERR_BADF. */
err_t fd_close(int fd);

/* Of an open fd. */
bool fd_close_on_exec(int fd);
void fd_set_close_on_exec(int fd, bool on);

/* exec: close what is marked. */
void fd_close_marked(void);
