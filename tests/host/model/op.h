/*
 * One step of the model test: an operation with all its arguments, chosen
 * before it runs, so that it can be predicted, tried with failing memory,
 * retried, applied to the model, and printed.
 */
#pragma once

#include "model/model.h"

enum { OP_FRAMES = 16 };

struct op_type;

struct op {
    const struct op_type *type;
    struct m_space *space;
    uint64_t start, pages; /* the range, in 4 KiB pages */
    uint64_t to, to_pages; /* of a move: the new range; of a write: offset and value */
    struct m_kind kind;    /* of a new region; .flags: rights for protect */
    unsigned access;       /* enum as_access */
    unsigned index;        /* a slot: of a new space, of the pool */
    paddr_t frames[OP_FRAMES];
    struct address_space *made;
    uint64_t value;       /* of an answer */
    uint64_t fresh, huge; /* most frames and 2 MiB blocks that it can need */
};

struct op_type {
    const char *name;
    unsigned weight;                 /* how often, relative to the others */
    bool injectable;                 /* may be tried with failing memory */
    bool (*choose)(struct op *op);   /* fill in the arguments; false: not possible now */
    err_t (*predict)(struct op *op); /* the result with enough memory */
    err_t (*run)(struct op *op);     /* on the real thing; must change nothing when it fails */
    void (*apply)(struct op *op);    /* to the model, after success */
};

extern const struct op_type op_region_types[], op_page_types[], op_space_types[];
extern const unsigned op_region_count, op_page_count, op_space_count;

/* Random arguments (op_choose.c). */
struct m_space *choose_space(void);
struct m_kind choose_kind(void);
/* A range, often at the edges of VMAs that are there; aligned for 2 MiB pages if huge. */
void choose_range(struct op *op, bool huge);
/* A free range most of the time. */
void choose_free_range(struct op *op, bool huge);
/* A page in a VMA, in a window; false: there is none. */
bool choose_page(struct m_space *s, uint64_t *page);

/* The kind as the module keeps it. */
struct m_kind completed(struct m_kind kind);
/* ERR_FAULT if the range leaves the user's addresses, else ERR_OK. */
err_t range_error(uint64_t start, uint64_t pages);
static inline vaddr_t va_of(uint64_t page)
{
    return page << PAGE_SHIFT;
}
/*
 * Pages that just became resident: take their frames into the model; they must
 * be new, and zero but for a page that was written by now (0: none).
 */
void adopt_fresh(struct m_space *s, uint64_t start, uint64_t end, uint64_t written);
