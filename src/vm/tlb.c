/* Gather, flush, then free: see tlb.h. */
#include "vm/tlb.h"

#include "lib/panic.h"

void tlb_gather_init(struct tlb_gather *gather, struct page_tables *pt)
{
    gather->pt = pt;
    gather->page_count = 0;
    gather->in_kernel_half = false;
    gather->frames = FRAME_LIST_INIT;
    gather->blocks = FRAME_LIST_INIT;
}

void tlb_gather_page(struct tlb_gather *gather, vaddr_t va)
{
    if (gather->page_count < TLB_GATHER_PAGES)
        gather->page[gather->page_count] = va;
    if (gather->page_count <= TLB_GATHER_PAGES)
        gather->page_count++;
    gather->in_kernel_half = va_is_kernel(va);
}

void tlb_gather_all(struct tlb_gather *gather)
{
    gather->page_count = TLB_GATHER_PAGES + 1;
}

void tlb_gather_leaf(struct tlb_gather *gather, pte_t leaf, enum pt_level level)
{
    unsigned order = pt_leaf_order(level);
    paddr_t first = pte_addr(leaf);

    if (order > 0 && frame_is_block(first, order)) {
        frame_list_push(&gather->blocks, first);
        return;
    }
    for (uint64_t i = 0; i < UINT64_C(1) << order; i++) {
        paddr_t frame = PADDR(first.v + i * PAGE_SIZE);

        if (!frame_put_unless_last(frame))
            frame_list_push(&gather->frames, frame);
    }
}

void tlb_gather_table(struct tlb_gather *gather, paddr_t table, vaddr_t va)
{
    if (!va_is_kernel(va))
        gather->pt->tables--;
    tlb_gather_page(gather, va);
    frame_list_push(&gather->frames, table);
}

static void flush(const struct tlb_gather *gather)
{
    if (!gather->in_kernel_half && mmu_root().v != gather->pt->root.v)
        return;
    if (gather->page_count > TLB_GATHER_PAGES) {
        KASSERT(!gather->in_kernel_half); /* a CR3 load keeps global pages */
        mmu_load_root(gather->pt->root);
        return;
    }
    for (unsigned i = 0; i < gather->page_count; i++)
        mmu_flush_page(gather->page[i]);
}

void tlb_gather_finish(struct tlb_gather *gather)
{
    flush(gather);
    while (gather->frames.count)
        frame_put(frame_list_pop(&gather->frames));
    while (gather->blocks.count)
        frame_put_block(frame_list_pop(&gather->blocks), HUGE_ORDER);
}
