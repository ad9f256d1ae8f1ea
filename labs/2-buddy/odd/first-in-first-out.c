/*
 * Different: blocks are queued at the end of their list and taken from its front, so that a
 * freed block is used last; a split hands out the upper half; a reference is put by its own
 * bookkeeping.
 *
 * Compiler: clang
 * Flags: -O3
 */
static void free_list_push(uint32_t number, unsigned order)
{
    struct frame *f = &pmm.table[number];
    uint32_t last = pmm.free_list[order];

    while (last != FRAME_NONE && pmm.table[last].next != FRAME_NONE)
        last = pmm.table[last].next;
    f->state = FRAME_FREE;
    f->order = (uint8_t)order;
    f->count = 0;
    f->split = 0;
    f->next = FRAME_NONE;
    f->prev = last;
    if (last == FRAME_NONE)
        pmm.free_list[order] = number;
    else
        pmm.table[last].next = number;
    pmm.stats.blocks[order]++;
}

static bool buddy_take_locked(unsigned order, uint32_t *out)
{
    for (unsigned have = order; have < PMM_ORDERS; have++) {
        uint32_t number = pmm.free_list[have];

        if (number == FRAME_NONE)
            continue;
        free_list_remove(number);
        while (have-- > order) {
            free_list_push(number, have);
            number += UINT32_C(1) << have;
        }
        pmm.stats.free -= UINT64_C(1) << order;
        *out = number;
        return true;
    }
    return false;
}

static void put_locked(paddr_t pa)
{
    uint32_t number = frame_number(pa);
    struct frame *f = counted_frame_locked(pa);

    if (f->count > 1) {
        f->count--;
        return;
    }
    pmm.stats.tables -= f->state == FRAME_TABLE;
    f->flags = f->flags & ~FRAME_CACHE;
    f->count = 0;
    buddy_insert_locked(number, 0);
    poison_fill(number, 0);
}
