/*
 * Misconception: The merged block starts where the freed one did. It starts at the lower of the
 * two; otherwise it reaches over its end, into what belongs to others.
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
        free_list_remove(buddy);
        pmm.table[buddy].state = FRAME_TAIL;
    }
    free_list_push(number, order);
}
