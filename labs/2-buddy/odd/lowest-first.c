/*
 * Different: free lists sorted by address, so that the lowest block is always taken; merging
 * and splitting by recursion; a stretch is handed over frame by frame, and merging makes the
 * blocks.
 */
static void free_list_push(uint32_t number, unsigned order);
static void free_list_remove(uint32_t number);

static void free_list_push(uint32_t number, unsigned order)
{
    struct frame *f = &pmm.table[number];
    uint32_t before = FRAME_NONE, after = pmm.free_list[order];

    while (after != FRAME_NONE && after < number) {
        before = after;
        after = pmm.table[after].next;
    }
    *f = (struct frame){ .state = FRAME_FREE, .order = (uint8_t)order, .flags = f->flags };
    f->prev = before;
    f->next = after;
    if (before == FRAME_NONE)
        pmm.free_list[order] = number;
    else
        pmm.table[before].next = number;
    if (after != FRAME_NONE)
        pmm.table[after].prev = number;
    pmm.stats.blocks[order]++;
}

static void free_list_remove(uint32_t number)
{
    struct frame f = pmm.table[number];
    uint32_t *left = f.prev == FRAME_NONE ? &pmm.free_list[f.order] : &pmm.table[f.prev].next;

    *left = f.next;
    if (f.next != FRAME_NONE)
        pmm.table[f.next].prev = f.prev;
    pmm.stats.blocks[f.order]--;
}

static void insert_merged(uint32_t number, unsigned order)
{
    uint32_t size = UINT32_C(1) << order, low = number & ~size, other = number ^ size;

    if (order + 1 == PMM_ORDERS || other >= pmm.limit || pmm.table[other].state != FRAME_FREE ||
        pmm.table[other].order != order) {
        free_list_push(number, order);
        return;
    }
    free_list_remove(other);
    pmm.table[low | size].state = FRAME_TAIL;
    pmm.table[low].state = FRAME_TAIL;
    insert_merged(low, order + 1);
}

void buddy_insert_locked(uint32_t number, unsigned order)
{
    insert_merged(number, order);
    pmm.stats.free += UINT64_C(1) << order;
}

static bool take(unsigned order, uint32_t *out)
{
    if (order == PMM_ORDERS)
        return false;
    if (pmm.free_list[order] != FRAME_NONE) {
        *out = pmm.free_list[order];
        free_list_remove(*out);
        return true;
    }
    if (!take(order + 1, out))
        return false;
    free_list_push(*out + (UINT32_C(1) << order), order);
    return true;
}

static bool buddy_take_locked(unsigned order, uint32_t *out)
{
    if (!take(order, out))
        return false;
    pmm.stats.free -= UINT64_C(1) << order;
    return true;
}

static void insert_stretch(uint64_t start, uint64_t end)
{
    for (uint64_t pa = start; pa < end; pa += PAGE_SIZE, pmm.stats.total++)
        buddy_insert_locked(frame_number(PADDR(pa)), 0);
}
