/* Bytes and strings; see string.h. */
#include "lib/string.h"

int memcmp(const void *a, const void *b, size_t len)
{
    const unsigned char *x = a;
    const unsigned char *y = b;

    for (size_t i = 0; i < len; i++) {
        if (x[i] != y[i])
            return x[i] < y[i] ? -1 : 1;
    }
    return 0;
}

void *memchr(const void *s, int byte, size_t len)
{
    const unsigned char *p = s;

    for (size_t i = 0; i < len; i++) {
        if (p[i] == (unsigned char)byte)
            return (void *)&p[i];
    }
    return NULL;
}

size_t strlen(const char *s)
{
    size_t len = 0;

    while (s[len] != '\0')
        len++;
    return len;
}

size_t strnlen(const char *s, size_t max)
{
    size_t len = 0;

    while (len < max && s[len] != '\0')
        len++;
    return len;
}

int strcmp(const char *a, const char *b)
{
    return strncmp(a, b, (size_t)-1);
}

int strncmp(const char *a, const char *b, size_t max)
{
    for (size_t i = 0; i < max; i++) {
        if (a[i] != b[i])
            return (unsigned char)a[i] < (unsigned char)b[i] ? -1 : 1;
        if (a[i] == '\0')
            break;
    }
    return 0;
}

char *strchr(const char *s, int c)
{
    for (; *s != (char)c; s++) {
        if (*s == '\0')
            return NULL;
    }
    return (char *)s;
}

char *strrchr(const char *s, int c)
{
    const char *last = NULL;

    for (const char *p = strchr(s, c); p; p = *p ? strchr(p + 1, c) : NULL)
        last = p;
    return (char *)last;
}
