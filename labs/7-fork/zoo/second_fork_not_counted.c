/*
 * Misconception: what was writable is now shared and must be counted. What was
 * copy-on-write already, or read-only, is shared by one more, too.
 *
 * Fails: read-only-stays, vfork-shares, orphan-keeps-memory, kernel-writes-copy,
 * tree-of-processes, nothing-lost, tree-anywhere
 */
static pte_t clone_leaf(pte_t leaf, enum pt_level level)
{
    if ((leaf.v & (PTE_W | PTE_SHARED)) != PTE_W)
        return leaf;
    leaf.v = (leaf.v & ~PTE_W) | PTE_COW;
    if (level == PT)
        frame_get(pte_addr(leaf));
    else
        frame_get_block(pte_addr(leaf), pt_leaf_order(level));
    return leaf;
}
