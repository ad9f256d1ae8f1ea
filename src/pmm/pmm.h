/*
 * Physical memory: a table with one entry for each 4 KiB frame, and a binary
 * buddy allocator on top (Knuth, TAOCP vol. 1, 2.5).
 *
 * A block of order n is 2^n frames, aligned to its size by absolute frame
 * number. pmm_alloc hands out a block as one unit with a count of one. The
 * first frame_get or frame_put on one of its frames splits the unit into
 * frames that are counted and freed one by one: that is how a 2 MiB page can
 * lose one 4 KiB page to a copy-on-write fault.
 *
 * Free memory is never written, except by poisoning in debug builds: the free
 * lists are linked through the frame table.
 *
 * Locks: LOCK_PMM, taken inside. Nothing here sleeps.
 */
#pragma once

#include "boot/boot_info.h"
#include "lib/err.h"
#include "lib/types.h"

enum { PMM_ORDERS = 11 }; /* orders 0 (4 KiB) to 10 (4 MiB) */

enum frame_state {
    FRAME_RESERVED, /* not RAM, firmware's, or the kernel image's */
    FRAME_FREE,     /* first frame of a free block */
    FRAME_USED,     /* first frame of an allocated block */
    FRAME_TABLE,    /* like FRAME_USED: a page table */
    FRAME_TAIL,     /* a later frame of a block: its state is the first one's */
};

enum frame_flags { FRAME_POISONED = 1, FRAME_CACHE = 2 /* holds objects of a cache */ };

struct frame {
    uint8_t state;       /* (p) enum frame_state */
    uint8_t order;       /* (p) of the block that starts here */
    uint8_t flags;       /* (p) enum frame_flags */
    uint8_t split;       /* (p) order of the block that this frame in use was split from, or 0 */
    uint32_t count;      /* (p) references; 1 for an unsplit block */
    uint32_t next, prev; /* frame numbers: (p) on a free list; next: the owner's, on a frame_list */
};
_Static_assert(sizeof(struct frame) == 16, "16 bytes for each frame of RAM");

struct pmm_stats {
    uint64_t total;              /* frames of RAM under management, free or not */
    uint64_t free;               /* frames free now */
    uint64_t tables;             /* frames that are page tables */
    uint64_t blocks[PMM_ORDERS]; /* free blocks of each order */
};

/*
 * Build the frame table from info and hand over free RAM below `mapped`, the
 * first physical address that the direct map does not reach yet. Frames of
 * info's reserved ranges stay FRAME_RESERVED. RAM so high that its frame table
 * would not fit is left out, with a line on the log.
 * Errors: ERR_NOMEM if no RAM below `mapped` can hold the frame table.
 */
err_t pmm_init(const struct boot_info *info, uint64_t mapped);

/* Hand over the RAM above: call once, when the direct map covers all of it. */
void pmm_init_high(const struct boot_info *info, uint64_t mapped);

/* Give reserved RAM (a module that is used up) to the allocator; whole frames inside only. */
void pmm_release(paddr_t start, uint64_t len);

/* Exclusive end of the frames in the table, bytes. */
uint64_t pmm_limit(void);

/*
 * Allocate 2^order frames, 0 <= order < PMM_ORDERS, contents undefined.
 * Errors: ERR_NOMEM; *out is then unchanged. O(orders).
 */
err_t pmm_alloc(unsigned order, paddr_t *out);

/* The same, filled with zeroes. */
err_t pmm_alloc_zeroed(unsigned order, paddr_t *out);

/*
 * Free a block of the order it was allocated with, nobody else holding a
 * reference. Panics, with the frame's number, on a double free, a reserved
 * frame, a wrong order or a shared frame. O(orders) for an unsplit block.
 */
void pmm_free(paddr_t block, unsigned order);

/* One reference more or less for a 4 KiB frame in use; the last put frees it. O(orders). */
void frame_get(paddr_t frame);
void frame_put(paddr_t frame);

/*
 * The same for each of 2^order frames from an aligned address; O(1) for the last put of
 * an unsplit block.
 */
void frame_get_block(paddr_t first, unsigned order);
void frame_put_block(paddr_t first, unsigned order);

/* Are all 2^order frames from an aligned address at a count of exactly one? */
bool frame_block_exclusive(paddr_t first, unsigned order);

/* Does an unsplit block of exactly this order start here? */
bool frame_is_block(paddr_t first, unsigned order);

/* Give up a reference unless it is the last one: the caller then frees the frame when it may. */
bool frame_put_unless_last(paddr_t frame);

/* References on a 4 KiB frame; 0 if it is free, reserved or no RAM. */
uint32_t frame_count(paddr_t frame);

/*
 * State of a 4 KiB frame: that of its block; FRAME_RESERVED outside of the table. Never
 * FRAME_TAIL.
 */
enum frame_state frame_state(paddr_t frame);

/*
 * The block that starts at this frame, for listings: its entry, and how many frames it
 * has; 0 past the table's end. Each reserved frame counts as a block of one.
 */
uint64_t frame_block_at(paddr_t first, struct frame *out);

/* Turn an allocated single frame into a page table (it stays one until freed). */
void frame_set_table(paddr_t frame);

/* Note that an allocated single frame holds objects of a cache. */
void frame_set_cache(paddr_t frame);

void pmm_stats(struct pmm_stats *out);

/* Tests: the n-th allocation from now, frames and cached objects alike, fails; 0: none does. */
void pmm_fail_after(uint64_t n);

/*
 * Tests and as_verify: walk all free lists and the table; panics, naming the frame, if
 * they disagree.
 */
void pmm_check(void);

/*
 * Count references from scratch and compare (as_verify_all): begin, one
 * frame_audit_ref for each reference found, end. end returns false, with a line
 * on the log, if a frame's count differs from what was found plus
 * kernel_refs(frame); without kernel_refs, if it is smaller. A cache's frame
 * counts as found.
 */
void frame_audit_begin(void);
void frame_audit_ref(paddr_t frame);
bool frame_audit_end(uint32_t (*kernel_refs)(paddr_t frame));

/*
 * Frames that an operation has reserved and not yet used: a stack linked
 * through the frame table, so that reserving any number needs no memory.
 */
struct frame_list {
    uint32_t head; /* frame number; FRAME_NONE: empty */
    uint64_t count;
};
#define FRAME_NONE      UINT32_MAX
#define FRAME_LIST_INIT ((struct frame_list){ .head = FRAME_NONE })

void frame_list_push(struct frame_list *list, paddr_t frame);
paddr_t frame_list_pop(struct frame_list *list); /* must not be empty */
