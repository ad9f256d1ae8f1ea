/*
 * Misconception: A leaf maps a frame. A leaf of a PD maps 512, and each holds a reference of its
 * own once the block was split.
 *
 * Fails: large-returns, shared-returns
 */
void tlb_gather_leaf(struct tlb_gather *gather, pte_t leaf, enum pt_level level)
{
    unsigned order = pt_leaf_order(level);
    paddr_t first = pte_addr(leaf);

    if (order > 0 && frame_is_block(first, order)) {
        frame_list_push(&gather->blocks, first);
        return;
    }
    if (!frame_put_unless_last(first))
        frame_list_push(&gather->frames, first);
}
