/* Walking a cpio archive: see cpio.h. */
#include "kern/cpio.h"

#include "lib/string.h"

enum { CPIO_HEADER = 110, CPIO_MAGIC = 6, CPIO_DIGITS = 8 };

/* The numbers of a header, in their order. */
enum cpio_field { CPIO_INO, CPIO_MODE, CPIO_MTIME = 5, CPIO_FILE_SIZE, CPIO_NAME_SIZE = 11 };

static bool hex_digit(char c, uint32_t *out)
{
    if (c >= '0' && c <= '9')
        *out = (uint32_t)(c - '0');
    else if (c >= 'a' && c <= 'f')
        *out = (uint32_t)(c - 'a') + 10;
    else if (c >= 'A' && c <= 'F')
        *out = (uint32_t)(c - 'A') + 10;
    else
        return false;
    return true;
}

static bool cpio_number(const char *header, enum cpio_field field, uint32_t *out)
{
    const char *digits = header + CPIO_MAGIC + CPIO_DIGITS * (int)field;
    uint32_t digit;

    *out = 0;
    for (int i = 0; i < CPIO_DIGITS; i++) {
        if (!hex_digit(digits[i], &digit))
            return false;
        *out = *out << 4 | digit;
    }
    return true;
}

/* The sizes are 32 bits wide and offsets 64: sums cannot overflow. */
static bool cpio_read(const char *header, uint64_t left, struct cpio_entry *e, uint64_t *next)
{
    uint32_t name_size, file_size;
    uint64_t data;

    if (left < CPIO_HEADER || memcmp(header, "070701", CPIO_MAGIC) != 0)
        return false;
    if (!cpio_number(header, CPIO_INO, &e->ino) || !cpio_number(header, CPIO_MODE, &e->mode) ||
        !cpio_number(header, CPIO_MTIME, &e->mtime) ||
        !cpio_number(header, CPIO_FILE_SIZE, &file_size) ||
        !cpio_number(header, CPIO_NAME_SIZE, &name_size))
        return false;
    data = align_up(UINT64_C(0) + CPIO_HEADER + name_size, 4);
    if (name_size < 2 || data > left || file_size > left - data)
        return false;
    e->name = header + CPIO_HEADER;
    e->name_len = name_size - 1;
    e->data = (const uint8_t *)header + data;
    e->size = file_size;
    *next = align_up(data + file_size, 4);
    return strnlen(e->name, name_size) == e->name_len;
}

err_t cpio_next(const void *archive, uint64_t size, uint64_t *offset, struct cpio_entry *out)
{
    uint64_t next;

    if (*offset > size || !cpio_read((const char *)archive + *offset, size - *offset, out, &next))
        return ERR_INVAL;
    if (strcmp(out->name, "TRAILER!!!") == 0)
        return ERR_NOENT;
    *offset += next;
    return ERR_OK;
}
