/*
 * Misconception: after fork nobody sees what the other writes. Memory that was
 * asked for as shared is the exception.
 *
 * Fails: shared-memory-seen, shared-memory-stays
 */
static pte_t clone_leaf(pte_t leaf, enum pt_level level)
{
    if (leaf.v & PTE_W)
        leaf.v = (leaf.v & ~(PTE_W | PTE_SHARED)) | PTE_COW;
    if (level == PT)
        frame_get(pte_addr(leaf));
    else
        frame_get_block(pte_addr(leaf), pt_leaf_order(level));
    return leaf;
}
