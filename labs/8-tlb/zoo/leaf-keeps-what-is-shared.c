/*
 * Misconception: A frame that others hold is not mine to free, so there is nothing to do. There
 * is: my reference is gone, and if it stays counted, the last one never comes.
 *
 * Fails: frames-return, large-returns, shared-returns, frames-named
 */
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

        if (frame_count(frame) == 1)
            frame_list_push(&gather->frames, frame);
    }
}
