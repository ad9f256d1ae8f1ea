/*
 * Open files: what file descriptors refer to, shared by dup and fork. A file is
 * one of a few kinds, each a table of functions.
 *
 *     fd table (one a process)     open files         behind them
 *       0 ----------------------->  console in        standard input
 *       1 ----------------------->  console out       LPT1
 *       3 ----------------------->  read end  ----->  pipe <--- write end
 *       4 -----------+
 *       5 -----------+----------->  image file ---->  archive
 *
 * Marks: (a) atomic, (!) constant after file_new, (c) only inside system calls,
 * which are not interleaved with others unless they sleep.
 */
#pragma once

#include "kern/cpio.h"
#include "lib/err.h"
#include "lib/types.h"

struct file;
struct linux_stat;
struct pipe;

/* A transfer between a file and the memory of the current process. */
struct io {
    vaddr_t buf;
    size_t len;
    uint64_t offset; /* in the file, bytes; only for files with a position */
    size_t done;     /* bytes transferred so far, also when an error ends it */
};

struct file_ops {
    /* Null: this kind cannot. Both leave in io->done what was transferred before an error. */
    err_t (*read)(struct file *file, struct io *io);
    err_t (*write)(struct file *file, struct io *io);
    /* POLLIN and so on, whatever is true now. Null: always ready for what it is open for. */
    unsigned (*poll)(struct file *file);
    void (*stat)(struct file *file, struct linux_stat *out);
    /* The last reference went. Null: nothing to do. */
    void (*release)(struct file *file);
    bool has_position; /* lseek and pread work */
};

struct file {
    unsigned references;        /* (a) */
    const struct file_ops *ops; /* (!) */
    unsigned flags;             /* (c) O_ACCMODE, O_NONBLOCK, ... */
    uint64_t position;          /* (c) */
    union {
        struct cpio_entry entry; /* (!) of a file of the image, and of standard input */
        struct pipe *pipe;       /* (!) */
        char stream;             /* (!) 'O' or 'E', for the console's output */
    };
};

/* One reference, no kind's data yet. Errors: ERR_NOMEM. */
err_t file_new(const struct file_ops *ops, unsigned flags, struct file **out);

struct file *file_get(struct file *file);
void file_put(struct file *file);

bool file_can_read(const struct file *file);
bool file_can_write(const struct file *file);

/* Copy from a file's contents in kernel memory, as a read at io->offset does. */
err_t io_read_memory(struct io *io, const void *data, uint64_t size);

/* Open a regular file of the image, for reading. Errors: ERR_NOMEM. */
err_t file_open_image(const struct cpio_entry *entry, unsigned flags, struct file **out);

/* Is it a file of the image, whose contents are file->entry? */
bool file_is_image(const struct file *file);

/* What stat says of a file of the image, and of directories. */
void stat_image(const struct cpio_entry *entry, struct linux_stat *out);
void stat_directory(struct linux_stat *out);

/* What is the same for all: owner, link count, block size. */
void stat_fill(struct linux_stat *out, uint64_t ino, unsigned mode, uint64_t size);
