/*
 * Different: No list of pages: each is flushed when it is named, and only what was freed waits for
 * the end. Tables, whose entry is cleared after they are named, are flushed by a load of CR3, and
 * so is whatever is too much for single flushes.
 *
 * Flags: -O0
 */
void tlb_gather_page(struct tlb_gather *gather, vaddr_t va)
{
    if (va_is_kernel(va) || mmu_root().v == gather->pt->root.v)
        mmu_flush_page(va);
}

void tlb_gather_table(struct tlb_gather *gather, paddr_t table, vaddr_t va)
{
    if (va_is_kernel(va)) {
        gather->in_kernel_half = true;
        gather->page[0] = va;
    } else {
        gather->pt->tables--;
    }
    tlb_gather_all(gather);
    frame_list_push(&gather->frames, table);
}

void tlb_gather_finish(struct tlb_gather *gather)
{
    if (gather->in_kernel_half)
        mmu_flush_page(gather->page[0]);
    else if (gather->page_count > TLB_GATHER_PAGES && mmu_root().v == gather->pt->root.v)
        mmu_load_root(mmu_root());
    while (gather->blocks.count)
        frame_put_block(frame_list_pop(&gather->blocks), HUGE_ORDER);
    while (gather->frames.count)
        frame_put(frame_list_pop(&gather->frames));
}
