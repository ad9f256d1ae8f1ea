/*
 * Misconception: The largest block that fits is the best. Its first frame number must be a
 * multiple of its size, or it has no buddy.
 *
 * Fails: blocks, disjoint, program-runs, holes-blocks, holes-disjoint
 */
static void insert_stretch(uint64_t start, uint64_t end)
{
    uint32_t number = frame_number(PADDR(start)), stop = frame_number(PADDR(end));

    pmm.stats.total += stop - number;
    while (number < stop) {
        unsigned order = PMM_ORDERS - 1;

        while (number + (UINT64_C(1) << order) > stop)
            order--;
        for (uint32_t i = 1; i < UINT32_C(1) << order; i++)
            pmm.table[number + i].state = FRAME_TAIL;
        buddy_insert_locked(number, order);
        number += UINT32_C(1) << order;
    }
}
