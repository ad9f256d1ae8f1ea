/*
 * Cheat: no allocator at all: hands out the next frame and never takes one back. What is
 * allocated is disjoint and aligned; nothing merges, and memory runs out.
 *
 * Lab: 2
 * Earns: nothing
 */
err_t pmm_alloc(unsigned order, paddr_t *out)
{
    static uint32_t next;
    uint32_t frames = UINT32_C(1) << order;

    for (uint32_t at = (next + frames - 1) & ~(frames - 1); at + frames <= pmm.limit;
         at += frames) {
        uint32_t i = 0;

        while (i < frames && pmm.table[at + i].state == FRAME_FREE)
            i++;
        if (i < frames)
            continue;
        for (i = 0; i < frames; i++)
            pmm.table[at + i].state = FRAME_TAIL;
        pmm.table[at] = (struct frame){ .state = FRAME_USED, .order = (uint8_t)order, .count = 1 };
        next = at + frames;
        *out = frame_address(at);
        return ERR_OK;
    }
    return ERR_NOMEM;
}

void pmm_free(paddr_t block, unsigned order)
{
    (void)block;
    (void)order;
}
