/*
 * What an operation owes the TLB: gather, flush, then free.
 *
 * The CPU may keep a translation until it is told otherwise (SDM vol. 3A,
 * "Invalidation of TLBs and Paging-Structure Caches"), so a frame must not be
 * freed, nor a call return, while the TLB may still reach it by an entry that
 * is gone. An operation therefore clears entries first and gathers what they
 * held; tlb_gather_finish flushes, then frees. On several CPUs the flush is
 * where the others would be told.
 *
 * Lock: the address space's, from init to finish.
 */
#pragma once

#include "vm/pt.h"

enum { TLB_GATHER_PAGES = 16 }; /* more than these: reload CR3 instead */

struct tlb_gather {
    struct page_tables *pt;
    unsigned page_count; /* TLB_GATHER_PAGES + 1: flush all */
    bool in_kernel_half; /* the pages are: every space has them loaded, and they are global */
    vaddr_t page[TLB_GATHER_PAGES];
    struct frame_list frames, blocks; /* to free: 4 KiB frames, unsplit 2 MiB blocks */
};

void tlb_gather_init(struct tlb_gather *gather, struct page_tables *pt);

/*
 * The entry of this page, of any size, lost rights or moved: flush it later. After
 * TLB_GATHER_PAGES of them, forget which they were: all is flushed.
 */
void tlb_gather_page(struct tlb_gather *gather, vaddr_t va);

/* Very many pages did. */
void tlb_gather_all(struct tlb_gather *gather);

/*
 * Give up the references that a leaf held. Others are given up at once
 * (frame_put_unless_last); the last one is kept until after the flush, as one if
 * the leaf maps an unsplit 2 MiB block, else frame by frame.
 */
void tlb_gather_leaf(struct tlb_gather *gather, pte_t leaf, enum pt_level level);

/*
 * Free a table that maps va, after the flush: the CPU caches entries that point to
 * tables, too, and INVLPG of any page drops all of these. pt->tables no longer
 * counts it, if it was the user half's.
 */
void tlb_gather_table(struct tlb_gather *gather, paddr_t table, vaddr_t va);

/*
 * Flush, then free. Tables that are not loaded need no flush, since loading them
 * does it; but all spaces share the kernel half. A flush is an INVLPG for each
 * page, or, for more than TLB_GATHER_PAGES, one load of CR3, which keeps the
 * kernel half's global pages.
 */
void tlb_gather_finish(struct tlb_gather *gather);
