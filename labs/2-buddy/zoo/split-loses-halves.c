/*
 * Misconception: When a large block is cut down, what is over comes back with the free. Only the
 * order that was asked for comes back: each half that is not put on a list is lost.
 *
 * Fails: found-again, references, program-runs, holes-found-again
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
    pmm.stats.free -= UINT64_C(1) << order;
    if (have > order)
        free_list_push(*out + (UINT32_C(1) << order), order);
    return true;
}
