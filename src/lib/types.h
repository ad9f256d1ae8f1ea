/*
 * Types that C lacks: addresses that cannot be mixed up.
 *
 * A physical address is a struct, so that passing one where a virtual address
 * is wanted does not compile. Kernel virtual addresses are plain pointers.
 * User virtual addresses are numbers, so that nobody dereferences them.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    uint64_t v;
} paddr_t;                /* physical address, bytes */
typedef uint64_t vaddr_t; /* user virtual address, bytes */

#define PADDR(x) ((paddr_t){ (x) })

enum {
    PAGE_SHIFT = 12,
    HUGE_SHIFT = 21,
    HUGE_ORDER = HUGE_SHIFT - PAGE_SHIFT, /* a 2 MiB page is a block of this order */
};
#define PAGE_SIZE  (UINT64_C(1) << PAGE_SHIFT)
#define HUGE_SIZE  (UINT64_C(1) << HUGE_SHIFT)
#define HUGE_PAGES (HUGE_SIZE / PAGE_SIZE)

#define ARRAY_SIZE(a)                   (sizeof(a) / sizeof((a)[0]))
#define CONTAINER_OF(ptr, type, member) ((type *)((char *)(ptr)-offsetof(type, member)))

static inline uint64_t align_down(uint64_t x, uint64_t align)
{
    return x & ~(align - 1);
}

static inline uint64_t align_up(uint64_t x, uint64_t align)
{
    return align_down(x + align - 1, align);
}

static inline bool is_aligned(uint64_t x, uint64_t align)
{
    return (x & (align - 1)) == 0;
}

static inline uint64_t min_u64(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static inline uint64_t max_u64(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}
