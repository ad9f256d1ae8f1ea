/*
 * The format of four-level x86-64 page tables (Intel SDM vol. 3A, "4-Level
 * Paging and 5-Level Paging", figures "Formats of CR3 and Paging-Structure
 * Entries with 4-Level Paging"). Pure arithmetic: no hardware is touched here,
 * so the host tests use this very file.
 *
 *      63        48 47     39 38     30 29     21 20     12 11        0
 *     +------------+---------+---------+---------+---------+-----------+
 *     | sign of 47 |  PML4   |  PDPT   |   PD    |   PT    |  offset   |
 *     +------------+---------+---------+---------+---------+-----------+
 *                                  1 GiB leaf  2 MiB leaf  4 KiB leaf
 *
 * Entries are words with masks, changed by one store each: never bit-fields,
 * which compilers may write in several pieces while the CPU looks.
 */
#pragma once

#include "lib/types.h"

typedef struct {
    uint64_t v;
} pte_t; /* an entry of any level */

#define PTE_P    UINT64_C(0x001) /* present */
#define PTE_W    UINT64_C(0x002) /* writable */
#define PTE_U    UINT64_C(0x004) /* user */
#define PTE_PWT  UINT64_C(0x008) /* write-through */
#define PTE_PCD  UINT64_C(0x010) /* cache disabled */
#define PTE_A    UINT64_C(0x020) /* accessed, set by the CPU */
#define PTE_D    UINT64_C(0x040) /* dirty, set by the CPU (leaves only) */
#define PTE_PS   UINT64_C(0x080) /* leaf (PDPT and PD only) */
#define PTE_G    UINT64_C(0x100) /* global */
#define PTE_NX   (UINT64_C(1) << 63)
#define PTE_ADDR UINT64_C(0x000ffffffffff000)

/* Bits 9 to 11 are the system's own (SDM: "ignored"). See src/vm/pt.h. */
#define PTE_COW    UINT64_C(0x200) /* private page, read-only until copied or taken over */
#define PTE_KEPT   UINT64_C(0x400) /* not present, but the entry holds its frame (no rights) */
#define PTE_SHARED UINT64_C(0x800) /* leaf of shared memory: fork leaves it writable */

/* A table at level n has entries that are leaves, or point to tables at level n - 1. */
enum pt_level { PT = 1, PD = 2, PDPT = 3, PML4 = 4 };

enum { PT_ENTRIES = 512, PML4_KERNEL = 256 /* first PML4 entry of the kernel half */ };

/* Number of low address bits that an entry at this level covers. */
static inline unsigned pt_shift(enum pt_level level)
{
    return PAGE_SHIFT + 9 * ((unsigned)level - 1);
}

/* Bytes that an entry at this level covers. */
static inline uint64_t pt_span(enum pt_level level)
{
    return UINT64_C(1) << pt_shift(level);
}

static inline unsigned pt_index(uint64_t va, enum pt_level level)
{
    return va >> pt_shift(level) & (PT_ENTRIES - 1);
}

static inline bool pte_present(pte_t e)
{
    return e.v & PTE_P;
}

static inline paddr_t pte_addr(pte_t e)
{
    return PADDR(e.v & PTE_ADDR);
}

static inline pte_t pte_make(paddr_t pa, uint64_t bits)
{
    return (pte_t){ pa.v | bits };
}

/* Is e a leaf, present or kept, in a table of this level? */
static inline bool pte_is_leaf(pte_t e, enum pt_level level)
{
    return level == PT || (level < PML4 && (e.v & PTE_PS));
}

static inline bool va_is_kernel(uint64_t va)
{
    return pt_index(va, PML4) >= PML4_KERNEL;
}

/* Canonical: bits 63 to 47 all equal (SDM vol. 1, "Canonical Addressing"). */
static inline bool va_is_canonical(uint64_t va)
{
    return (uint64_t)((int64_t)(va << 16) >> 16) == va;
}

_Static_assert(sizeof(pte_t) == 8, "an entry is one word");
