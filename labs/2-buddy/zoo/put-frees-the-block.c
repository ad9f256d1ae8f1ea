/*
 * Misconception: What was allocated as a block is freed as a block. After the first reference its
 * frames live on their own: others of them may still be in use.
 *
 * Fails: references, program-runs
 */
static void put_locked(paddr_t pa)
{
    struct frame *f = counted_frame_locked(pa);
    unsigned order = f->split;
    uint32_t first = frame_number(pa) & ~((UINT32_C(1) << order) - 1);

    if (--f->count)
        return;
    if (f->state == FRAME_TABLE)
        pmm.stats.tables--;
    f->flags &= (uint8_t)~FRAME_CACHE;
    buddy_insert_locked(first, order);
    poison_fill(first, order);
}
