/*
 * Reader of cpio archives in the "newc" format (cpio(5), "New ASCII Format"):
 *
 *     "070701" and 13 numbers of 8 hex digits | name NUL pad | contents pad | next ...
 *
 * both pads up to a multiple of 4; an entry named "TRAILER!!!" ends it. The
 * archive is hostile input: nothing outside of it is ever read. Pure functions,
 * which the host tests compile.
 */
#pragma once

#include "lib/err.h"
#include "lib/types.h"

struct cpio_entry {
    const char *name; /* NUL-terminated, in the archive */
    size_t name_len;  /* without NUL, at least 1 */
    const uint8_t *data;
    uint64_t size;             /* bytes of data */
    uint32_t ino, mode, mtime; /* mode with its type bits, as stat's st_mode */
};

/*
 * Read the entry at *offset and move *offset past it; start with 0.
 * Errors: ERR_NOENT at the trailer, ERR_INVAL if the archive is broken there.
 */
err_t cpio_next(const void *archive, uint64_t size, uint64_t *offset, struct cpio_entry *out);
