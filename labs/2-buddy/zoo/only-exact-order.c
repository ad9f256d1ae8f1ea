/*
 * Misconception: A request is served from the list of its order. At the start there are hardly any
 * small blocks: a larger one must be split.
 *
 * Fails: blocks, disjoint, program-runs, holes-blocks, holes-disjoint
 */
static bool buddy_take_locked(unsigned order, uint32_t *out)
{
    if (pmm.free_list[order] == FRAME_NONE)
        return false;
    *out = pmm.free_list[order];
    free_list_remove(*out);
    pmm.stats.free -= UINT64_C(1) << order;
    return true;
}
