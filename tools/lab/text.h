/* Whole files as texts, and one-line errors. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Print one line into error and return false. */
bool text_fail(char *error, size_t error_size, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* A path below a root, in allocated memory. */
char *text_path(const char *root, const char *relative);

/* The file's bytes with a NUL behind them; NULL with one line in error. */
char *text_read(const char *path, size_t *length, char *error, size_t error_size);

/* Replace the file by a new one with these bytes and the old one's mode; all or nothing. */
bool text_write(const char *path, const char *text, size_t length, char *error, size_t error_size);

/* Allocation that ends the program where memory is exhausted. */
void *text_alloc(size_t size);
char *text_copy(const char *from, size_t length);
