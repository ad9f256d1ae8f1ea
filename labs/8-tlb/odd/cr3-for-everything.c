/*
 * Different: The user half is flushed by one load of CR3 however few pages changed; only the
 * kernel half, whose pages are global, by INVLPG. Large pages are split backwards, from a copy of
 * the entry, and cuts are counted edge by edge.
 *
 * Flags: -O3
 */
void tlb_gather_page(struct tlb_gather *gather, vaddr_t va)
{
    if (va_is_kernel(va)) {
        KASSERT(gather->page_count < TLB_GATHER_PAGES);
        gather->in_kernel_half = true;
        gather->page[gather->page_count++] = va;
    } else {
        gather->page_count = TLB_GATHER_PAGES + 1;
    }
}

void tlb_gather_finish(struct tlb_gather *gather)
{
    if (gather->in_kernel_half) {
        while (gather->page_count > 0)
            mmu_flush_page(gather->page[--gather->page_count]);
    } else if (gather->page_count > 0 && mmu_root().v == gather->pt->root.v) {
        mmu_load_root(mmu_root());
    }
    while (gather->frames.count)
        frame_put(frame_list_pop(&gather->frames));
    while (gather->blocks.count)
        pmm_free(frame_list_pop(&gather->blocks), HUGE_ORDER);
}

void pt_split(struct page_tables *pt, pte_t *entry, struct pt_reserve *reserve)
{
    pte_t whole = *entry;
    paddr_t frame = pt_table_take(pt, 0, reserve);
    uint64_t part = whole.v - PTE_PS + HUGE_SIZE;

    for (pte_t *e = pt_table(frame) + PT_ENTRIES; e > pt_table(frame);) {
        part -= PAGE_SIZE;
        pte_store(--e, (pte_t){ part });
    }
    pte_store(entry, pte_make(frame, PT_TABLE_BITS));
}

unsigned pt_cut_cost(const struct page_tables *pt, uint64_t start, uint64_t end)
{
    bool first = cuts_leaf(pt, start), last = cuts_leaf(pt, end);

    return first && last && start / HUGE_SIZE == end / HUGE_SIZE ? 1 : (unsigned)first + last;
}
