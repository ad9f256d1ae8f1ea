/*
 * The frame table, shared by the files of this folder and nobody else.
 *
 * Only a block's first frame says what the block is; the others are
 * FRAME_TAIL and say nothing. Splitting and merging a free block therefore
 * changes one entry, whatever its size, and the block that a frame belongs to
 * is found by trying each order:
 *
 *     frame    8      9     10     11     12     13     14     15
 *           +------+------+------+------+------+------+------+------+
 *           |FREE 1| TAIL |USED 0|USED 0|FREE 2| TAIL | TAIL | TAIL |
 *           +------+------+------+------+------+------+------+------+
 *
 * Lock: pmm_lock guards everything here; functions ending in _locked want it.
 */
#pragma once

#include "arch/spinlock.h"
#include "pmm/pmm.h"

struct pmm {
    struct frame *table;             /* (!) one entry for each frame below limit */
    uint32_t limit;                  /* (!) frames in the table */
    uint32_t free_list[PMM_ORDERS];  /* (p) first free block of each order, or FRAME_NONE */
    struct pmm_stats stats;          /* (p) */
    uint64_t fail_countdown;         /* (p) see pmm_fail_after */
    uint64_t table_start, table_len; /* (!) where the table lies, physical bytes */
};

extern struct pmm pmm;
extern struct spinlock pmm_lock;

static inline uint32_t frame_number(paddr_t pa)
{
    return (uint32_t)(pa.v >> PAGE_SHIFT);
}

static inline paddr_t frame_address(uint32_t number)
{
    return PADDR((uint64_t)number << PAGE_SHIFT);
}

/* Number of the first frame of the block that contains this frame. O(orders). */
uint32_t block_of_locked(uint32_t number);

/*
 * Make a block of 2^order frames free, merging it with its buddy as long as that is
 * a free block of the same order inside the table, up to order PMM_ORDERS - 1.
 * Frames that no longer start a block become FRAME_TAIL. Keeps pmm.stats.free right.
 */
void buddy_insert_locked(uint32_t number, unsigned order);

/* Count one allocation; true if it is the one that shall fail. */
bool pmm_shall_fail(void);

/* Debug builds fill free memory with a pattern and look whether it is still there. */
void poison_fill(uint32_t number, unsigned order);
void poison_check(uint32_t number, unsigned order);
