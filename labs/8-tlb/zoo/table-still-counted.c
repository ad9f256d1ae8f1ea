/*
 * Misconception: A table that is freed is gone. The space still counts it: fork reserves for
 * tables that nobody has, and the books never balance.
 *
 * Fails: cuts
 */
void tlb_gather_table(struct tlb_gather *gather, paddr_t table, vaddr_t va)
{
    tlb_gather_page(gather, va);
    frame_list_push(&gather->frames, table);
}
