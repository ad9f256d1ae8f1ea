/*
 * Misconception: Giving up a reference is not using it. If it was the last one, the frame is free
 * before the flush.
 *
 * Fails: flush-then-free
 */
void tlb_gather_leaf(struct tlb_gather *gather, pte_t leaf, enum pt_level level)
{
    unsigned order = pt_leaf_order(level);
    paddr_t first = pte_addr(leaf);

    (void)gather;
    if (order > 0)
        frame_put_block(first, order);
    else
        frame_put(first);
}
