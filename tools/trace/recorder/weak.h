/*
 * Cached translations that the tables no longer hold, until a flush covers
 * them: what a use of one is, and what the kernel must not do meanwhile.
 */
#pragma once

#include "translate.h"

#define SPACE_GLOBAL 0xffffu /* cached for all address spaces */

struct weak {
    uint64_t va;            /* first address of the page, or of all that a link maps */
    uint64_t root;          /* CR3 when it was cached */
    unsigned level;         /* of the entry that changed */
    unsigned space;         /* tlb_space(), or SPACE_GLOBAL */
    bool link;              /* the entry linked a table: old holds the rights above it */
    bool walked_since;      /* the CPU looked at the tables again */
    uint8_t ideal, cpu;     /* uses told, a bit for each enum access_kind */
    uint8_t noted;          /* windows told, a bit for each enum window */
    struct translation old; /* what is cached */
    uint64_t entry;         /* the entry's old value, and where it is */
    uint64_t entry_phys;
};

extern unsigned weak_count;

void weak_add(const struct weak *weak);

/* An access by the CPU; phys is where it went. Only needed while weak_count > 0. */
void weak_check_access(uint64_t va, uint64_t phys, enum access_kind kind);
void weak_check_fetch(uint64_t rip);

/* The CPU found no right to do this in the tables; the ideal TLB might have. */
void weak_check_fault(uint64_t va, uint32_t error);

/* What the CPU may still have cached for an address, otherwise than the tables have it. */
bool weak_find(uint64_t va, struct translation *cached);

/* The CPU walked for this address. */
void weak_note_walk(uint64_t va);

/* The instruction at rip has returned to ring 3. */
void weak_note_return(uint64_t rip, unsigned ring);

/* Memory is mapped in the address space with this root now; 0: it became a table. */
void weak_note_reuse(uint64_t phys, uint64_t bytes, uint64_t root);

/* Flushes: drop those for which the predicate holds. */
void weak_drop(bool (*covers)(const struct weak *weak, const void *arg), const void *arg);

/* The same, only of those that cover va, and with all_links of all links. */
void weak_drop_page(uint64_t va, bool all_links,
                    bool (*covers)(const struct weak *weak, const void *arg), const void *arg);
