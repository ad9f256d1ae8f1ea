/*
 * ELF files as hostile input. elf_check reads nothing outside of the file and
 * turns what it finds into a plan: a few segments, sorted, disjoint, inside the
 * user half, none writable and executable. Whoever follows the plan needs no
 * further checks. Pure functions, which the host tests compile and fuzz.
 *
 * Sources: System V ABI, "Object Files" and "Program Loading"; its AMD64
 * supplement; elf(5).
 */
#pragma once

#include "lib/err.h"
#include "lib/types.h"

enum { ELF_SEGMENTS_MAX = 16 };

/* Where position-independent programs (static-PIE) are put. */
#define ELF_PIE_BASE UINT64_C(0x555555554000)

struct elf_segment {
    vaddr_t start;        /* first page */
    uint64_t page_count;  /* at least 1 */
    vaddr_t data;         /* where the bytes from the file go, in the pages */
    uint64_t file_offset; /* the bytes: file_size of them, all in the file; the rest is zero */
    uint64_t file_size;
    unsigned flags; /* enum vma_flags: rights, never write with execute */
};

struct elf_plan {
    vaddr_t entry;  /* in a segment that may execute */
    vaddr_t phdr;   /* program headers in memory; 0 if no segment holds them */
    uint64_t phnum; /* how many there are */
    vaddr_t end;    /* page after the last segment */
    unsigned count; /* of segments, at least 1 */
    struct elf_segment segment[ELF_SEGMENTS_MAX];
};

enum { ELF_PHDR_SIZE = 56 };

/*
 * Make the plan for a file of size bytes. Segments lie below limit, a multiple
 * of 4 KiB. Errors: ERR_NOEXEC, and *why says what is wrong with the file.
 */
err_t elf_check(const void *file, uint64_t size, vaddr_t limit, struct elf_plan *plan,
                const char **why);
