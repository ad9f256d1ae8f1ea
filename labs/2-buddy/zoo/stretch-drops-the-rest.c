/*
 * Misconception: Memory comes in blocks of the largest order, and the rest is not worth the
 * trouble. Between holes that rest is megabytes.
 *
 * Fails: all-used, holes-all-used
 */
static void insert_stretch(uint64_t start, uint64_t end)
{
    unsigned order = PMM_ORDERS - 1;
    uint64_t from = align_up(start, PAGE_SIZE << order), to = align_down(end, PAGE_SIZE << order);

    for (; from < to; from += PAGE_SIZE << order) {
        uint32_t number = frame_number(PADDR(from));

        pmm.stats.total += UINT64_C(1) << order;
        for (uint32_t i = 1; i < UINT32_C(1) << order; i++)
            pmm.table[number + i].state = FRAME_TAIL;
        buddy_insert_locked(number, order);
    }
}
