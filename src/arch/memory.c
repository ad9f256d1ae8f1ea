/*
 * Copying and filling with the CPU's string instructions, a word at a time: one
 * instruction each for 8 bytes, and the tail. Compilers call these on their own.
 */
#include "lib/string.h"

#include "arch/cpu.h"

void *memcpy(void *restrict dst, const void *restrict src, size_t len)
{
    size_t words = len & ~(size_t)7;

    cpu_movsq(dst, src, len / 8);
    cpu_movsb((char *)dst + words, (const char *)src + words, len & 7);
    return dst;
}

/* Upwards is safe unless dst lies inside of src. */
void *memmove(void *dst, const void *src, size_t len)
{
    char *to = dst;
    const char *from = src;

    if ((uintptr_t)to - (uintptr_t)from >= len)
        return memcpy(dst, src, len);
    while (len--)
        to[len] = from[len];
    return dst;
}

void *memset(void *dst, int byte, size_t len)
{
    uint64_t pattern = (uint8_t)byte * UINT64_C(0x0101010101010101);
    size_t words = len & ~(size_t)7;

    cpu_stosq(dst, pattern, len / 8);
    cpu_stosb((char *)dst + words, (uint8_t)byte, len & 7);
    return dst;
}
