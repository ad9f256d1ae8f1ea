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

/* The entry of this page, of any size, lost rights or moved. */
void tlb_gather_page(struct tlb_gather *gather, vaddr_t va);

/* Very many pages did. */
void tlb_gather_all(struct tlb_gather *gather);

/* Give up the references that a leaf held, the last ones after the flush. */
void tlb_gather_leaf(struct tlb_gather *gather, pte_t leaf, enum pt_level level);

/* Free a table that maps va, after the flush: the CPU caches entries that point to tables, too. */
void tlb_gather_table(struct tlb_gather *gather, paddr_t table, vaddr_t va);

/* Flush if these tables are loaded; free. */
void tlb_gather_finish(struct tlb_gather *gather);
