/* The kernel's string functions under names of their own, beside the C library's. */
#pragma once

#include <stddef.h>

int quire_memcmp(const void *a, const void *b, size_t len);
void *quire_memchr(const void *s, int byte, size_t len);
size_t quire_strlen(const char *s);
size_t quire_strnlen(const char *s, size_t max);
int quire_strcmp(const char *a, const char *b);
int quire_strncmp(const char *a, const char *b, size_t max);
char *quire_strchr(const char *s, int c);
char *quire_strrchr(const char *s, int c);
