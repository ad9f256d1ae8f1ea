/*
 * The kernel of the demo "tlb": the right one but for one line. The linker puts this
 * function before tlb_gather_finish (ld's option --wrap): the pages that were gathered
 * are forgotten, as if src/vm/tlb.c did not say
 *
 *     mmu_flush_page(gather->page[i]);
 *
 * Flushes of everything, by a load of CR3, and those of the kernel half stay.
 */
#include "vm/tlb.h"

void __real_tlb_gather_finish(struct tlb_gather *gather);
void __wrap_tlb_gather_finish(struct tlb_gather *gather);

void __wrap_tlb_gather_finish(struct tlb_gather *gather)
{
    if (gather->page_count <= TLB_GATHER_PAGES && !gather->in_kernel_half)
        gather->page_count = 0;
    __real_tlb_gather_finish(gather);
}
