/*
 * Misconception: two entries, one frame: nothing was allocated, so nothing is
 * counted. The first one to write takes over the frame of both.
 *
 * Fails: child-runs
 */
static pte_t clone_leaf(pte_t leaf, enum pt_level level)
{
    (void)level;
    if ((leaf.v & (PTE_W | PTE_SHARED)) == PTE_W)
        leaf.v = (leaf.v & ~PTE_W) | PTE_COW;
    return leaf;
}
