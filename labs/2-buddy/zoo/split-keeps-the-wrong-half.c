/*
 * Misconception: One half goes to the caller and one to the list. Here the list gets the half that
 * the caller gets: it is handed out twice, and the other half is lost.
 *
 * Fails: blocks, disjoint, program-runs, holes-blocks, holes-disjoint
 */
static bool buddy_take_locked(unsigned order, uint32_t *out)
{
    unsigned have = order;

    while (have < PMM_ORDERS && pmm.free_list[have] == FRAME_NONE)
        have++;
    if (have == PMM_ORDERS)
        return false;
    *out = pmm.free_list[have];
    free_list_remove(*out);
    while (have > order)
        free_list_push(*out, --have);
    pmm.stats.free -= UINT64_C(1) << order;
    return true;
}
