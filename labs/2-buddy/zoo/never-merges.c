/*
 * Misconception: The allocator splits where it must, and freed blocks will be used again as they
 * are. After a while there are only small blocks left, and no large page can be had.
 *
 * Fails: found-again, holes-found-again
 */
void buddy_insert_locked(uint32_t number, unsigned order)
{
    pmm.stats.free += UINT64_C(1) << order;
    free_list_push(number, order);
}
