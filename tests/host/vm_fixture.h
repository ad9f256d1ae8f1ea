/*
 * A booted machine with one address space, which is loaded, and accesses as a
 * program makes them.
 */
#pragma once

#include "arch/mmu.h"
#include "check.h"
#include "pmm/pmm.h"
#include "sim.h"
#include "vm/address_space.h"

#include <string.h>

enum {
    RW = VMA_READ | VMA_WRITE,
    RX = VMA_READ | VMA_EXEC,
    RO = VMA_READ,
    NONE = 0,
};

/* A comfortable address; 2 MiB-aligned. */
#define BASE UINT64_C(0x40000000)

static inline vaddr_t page_at(uint64_t n)
{
    return BASE + n * PAGE_SIZE;
}

struct fixture {
    struct address_space *as;
    struct pmm_stats start; /* before the space was made */
};

/* Boot, make a space, load it. */
struct fixture vm_fixture(void);

/* Put the space; all memory must be free again. */
void vm_fixture_end(struct fixture *f);

/* An access with its faults; the result is what the program gets: ERR_OK or a fatal fault. */
err_t user_read(struct address_space *as, vaddr_t va, uint64_t *value);
err_t user_write(struct address_space *as, vaddr_t va, uint64_t value);
err_t user_exec(struct address_space *as, vaddr_t va);

/* The word at va as a program reads it; ends the test if it may not. */
uint64_t word_at(struct address_space *as, vaddr_t va);

/* Short forms: anonymous 4 KiB pages from BASE + first. */
void reserve_pages(struct address_space *as, uint64_t first, uint64_t count, unsigned flags);
void map_pages(struct address_space *as, uint64_t first, uint64_t count, unsigned flags);
void reserve_huge(struct address_space *as, vaddr_t start, uint64_t count, unsigned flags);
void unmap_pages(struct address_space *as, uint64_t first, uint64_t count);
void protect_pages(struct address_space *as, uint64_t first, uint64_t count, unsigned flags);

/* Where a page is, through as_translate; 0 if it is not present. */
uint64_t where(struct address_space *as, vaddr_t va);

/* VMAs of the space, and the n-th one. */
unsigned vma_count(struct address_space *as);
struct vma vma_number(struct address_space *as, unsigned n);
void check_vma(struct address_space *as, unsigned n, vaddr_t start, uint64_t pages, unsigned rights,
               enum vma_page_size size);

/* as_verify for this space and as_verify_all, TLB included. */
void verify(struct address_space *as);

uint64_t free_frames(void);
uint64_t table_frames(void);
