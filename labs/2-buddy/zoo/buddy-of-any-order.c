/*
 * Misconception: If the buddy's first frame is free, the buddy is free. It may start a smaller
 * block: the rest of the buddy is in use, and becomes free with it.
 *
 * Fails: blocks, disjoint, program-runs, holes-blocks, holes-disjoint
 */
void buddy_insert_locked(uint32_t number, unsigned order)
{
    pmm.stats.free += UINT64_C(1) << order;
    for (; order < PMM_ORDERS - 1; order++) {
        uint32_t buddy = number ^ (UINT32_C(1) << order);

        if (buddy >= pmm.limit || pmm.table[buddy].state != FRAME_FREE)
            break;
        free_list_remove(buddy);
        pmm.table[number > buddy ? number : buddy].state = FRAME_TAIL;
        number = number < buddy ? number : buddy;
    }
    free_list_push(number, order);
}
