/*
 * Misconception: Blocks are aligned, so the last one may be as large as its alignment allows. It
 * reaches over the end of the RAM, into a hole.
 *
 * Fails: blocks, disjoint, holes-blocks, holes-disjoint
 */
static void insert_stretch(uint64_t start, uint64_t end)
{
    uint32_t number = frame_number(PADDR(start)), stop = frame_number(PADDR(end));

    pmm.stats.total += stop - number;
    while (number < stop) {
        unsigned order = (unsigned)__builtin_ctz(number);

        if (order > PMM_ORDERS - 1)
            order = PMM_ORDERS - 1;
        while (number + (UINT64_C(1) << order) > pmm.limit)
            order--;
        for (uint32_t i = 1; i < UINT32_C(1) << order; i++)
            pmm.table[number + i].state = FRAME_TAIL;
        buddy_insert_locked(number, order);
        number += UINT32_C(1) << order;
    }
}
