/*
 * Misconception: Freeing a block joins it with its buddy. The joined block has a buddy as well,
 * and so on: merging is a loop.
 *
 * Fails: found-again, holes-found-again
 */
void buddy_insert_locked(uint32_t number, unsigned order)
{
    uint32_t buddy = number ^ (UINT32_C(1) << order);

    pmm.stats.free += UINT64_C(1) << order;
    if (order < PMM_ORDERS - 1 && buddy < pmm.limit && pmm.table[buddy].state == FRAME_FREE &&
        pmm.table[buddy].order == order) {
        free_list_remove(buddy);
        pmm.table[number > buddy ? number : buddy].state = FRAME_TAIL;
        number = number < buddy ? number : buddy;
        order++;
    }
    free_list_push(number, order);
}
