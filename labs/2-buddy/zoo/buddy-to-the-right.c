/*
 * Misconception: A block's buddy is its right neighbour. Only every second block has its
 * buddy on that side: merging with the other neighbour makes a block that is not aligned.
 *
 * Fails: blocks, disjoint, program-runs, holes-blocks, holes-disjoint
 */
void buddy_insert_locked(uint32_t number, unsigned order)
{
    pmm.stats.free += UINT64_C(1) << order;
    for (; order < PMM_ORDERS - 1; order++) {
        uint32_t buddy = number + (UINT32_C(1) << order);

        if (buddy >= pmm.limit || pmm.table[buddy].state != FRAME_FREE ||
            pmm.table[buddy].order != order)
            break;
        free_list_remove(buddy);
        pmm.table[buddy].state = FRAME_TAIL;
    }
    free_list_push(number, order);
}
