/*
 * A model of address spaces, simple enough to be seen to be right: per space a
 * sorted array of VMAs, and per page the frame that holds it. The frame is
 * also the page's identity: two pages of the model with one frame number are
 * the same memory. Contents are four words in each page, the rest is zero.
 *
 * The model knows nothing of trees, page tables or copy-on-write bits. Pages
 * can be resident in four windows only; VMAs may lie anywhere.
 *
 * Addresses are page numbers (va >> 12) throughout.
 */
#pragma once

#include "lib/err.h"
#include "lib/types.h"
#include "vm/address_space.h"

enum {
    M_SPACES = 6,
    M_VMAS = 512,
    M_WINDOWS = 4,
    M_WINDOW_PAGES = 4096, /* 16 MiB */
    M_FRAMES = 32768,      /* 128 MiB of simulated RAM */
    M_WORDS = 4,
    M_POOL = 24, /* frames that the "kernel" holds for shared mappings */
    M_HOG = 64,
};

struct m_kind {
    unsigned flags;
    enum vma_type type;
    enum vma_page_size size;
};

struct m_vma {
    uint64_t start, end; /* pages, end exclusive */
    struct m_kind kind;
};

struct m_space {
    struct address_space *as; /* NULL: this slot is free */
    unsigned refs;
    unsigned vma_count;
    struct m_vma vma[M_VMAS];
    uint64_t resident;                         /* pages */
    uint32_t frame[M_WINDOWS][M_WINDOW_PAGES]; /* frame number, 0: not resident */
};

struct m_frame {
    uint32_t refs; /* pages of all spaces, plus the pool's */
    uint64_t word[M_WORDS];
};

extern struct m_space m_space[M_SPACES];
extern struct m_frame m_frame[M_FRAMES];
extern uint32_t m_pool[M_POOL]; /* frame numbers, 0: none */
extern paddr_t m_hog[];         /* 2 MiB blocks that the "kernel" holds */
extern unsigned m_hog_count;
extern uint64_t m_kernel_tables;              /* frames of the kernel's own tables */
extern const uint64_t m_window[M_WINDOWS];    /* first page */
extern const uint64_t m_word_offset[M_WORDS]; /* bytes in the page */

/* The random numbers of the run. */
uint64_t m_random(uint64_t n);
void m_seed(uint64_t seed);

/* ---- pages (model_page.c) ---- */

/* Where the frame of a page is noted; NULL outside of the windows. */
uint32_t *m_slot(struct m_space *s, uint64_t page);
uint32_t m_frame_of(struct m_space *s, uint64_t page);
/* Move *page to the first resident page at or above it, below end; false: none. */
bool m_next_resident(struct m_space *s, uint64_t *page, uint64_t end);
/* A resident page appears, or goes; the frame's model is updated. */
void m_page_add(struct m_space *s, uint64_t page, uint32_t frame);
void m_page_remove(struct m_space *s, uint64_t page);
void m_drop_pages(struct m_space *s, uint64_t start, uint64_t end);
void m_frame_unref(uint32_t frame);

/* ---- VMAs (model_vma.c) ---- */

const struct m_vma *m_vma_find(const struct m_space *s, uint64_t page);
const struct m_vma *m_vma_after(const struct m_space *s, uint64_t page);
bool m_overlaps(const struct m_space *s, uint64_t start, uint64_t end);
bool m_covers(const struct m_space *s, uint64_t start, uint64_t end);
/* Remove what lies in the range, cutting 2 MiB pages at its edges. */
void m_vma_remove(struct m_space *s, uint64_t start, uint64_t end);
/* Cut at both edges, as a change that affects only the inside does; then merge. */
void m_vma_cut(struct m_space *s, uint64_t start, uint64_t end);
/* Add a VMA where there is none; merge. */
void m_vma_add(struct m_space *s, uint64_t start, uint64_t end, struct m_kind kind);
/* New rights for a covered range; merge. */
void m_vma_protect(struct m_space *s, uint64_t start, uint64_t end, unsigned rights);
/* Lowest gap as as_find_free_vma_range promises; 0: none. */
uint64_t m_find_gap(const struct m_space *s, uint64_t hint, uint64_t pages, uint64_t align);

/* ---- comparing with the real thing (model_check.c) ---- */

/* The leaf for a page as the tables have it: 0 if there is none. level: 1 or 2. */
uint64_t m_leaf(const struct m_space *s, uint64_t page, unsigned *level);
/* Frame number of a page as the tables have it, kept pages included; 0: none. */
uint32_t m_real_frame(const struct m_space *s, uint64_t page);
/* Everything about the range and the VMAs; contents by sample. */
void m_check_space(struct m_space *s, uint64_t start, uint64_t end);
/* Every byte of a resident page. */
void m_check_contents(struct m_space *s, uint64_t page);
/* Everything about everything. */
void m_check_all(void);
/* Does the page hold nothing but zeroes? */
bool m_is_zero(uint32_t frame);
uint32_t m_kernel_refs(paddr_t frame);
