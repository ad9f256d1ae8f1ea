/*
 * Formatting into a buffer. Understood: flags '-', '0' and '#', a width and a
 * precision (also '*'), lengths hh h l ll z, and %d %i %u %x %X %c %s %p %%.
 */
#pragma once

#include <stdarg.h>
#include <stddef.h>

/*
 * As vsnprintf: at most size - 1 bytes and a NUL are stored (nothing if size is
 * 0). Returns the length that the whole text has.
 */
int fmt_vsnprintf(char *buf, size_t size, const char *fmt, va_list args)
    __attribute__((format(printf, 3, 0)));

int fmt_snprintf(char *buf, size_t size, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
