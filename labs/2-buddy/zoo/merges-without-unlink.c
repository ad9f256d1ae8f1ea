/*
 * Misconception: A merged buddy is part of the larger block now, and nobody will look at it. It is
 * still on its list: the next request of that order gets it, while the larger block has it, too.
 *
 * Fails: blocks, disjoint, program-runs, holes-blocks, holes-disjoint
 */
void buddy_insert_locked(uint32_t number, unsigned order)
{
    pmm.stats.free += UINT64_C(1) << order;
    for (; order < PMM_ORDERS - 1; order++) {
        uint32_t buddy = number ^ (UINT32_C(1) << order);

        if (buddy >= pmm.limit || pmm.table[buddy].state != FRAME_FREE ||
            pmm.table[buddy].order != order)
            break;
        pmm.table[number > buddy ? number : buddy].state = FRAME_TAIL;
        number = number < buddy ? number : buddy;
    }
    free_list_push(number, order);
}
