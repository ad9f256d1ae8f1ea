/*
 * Misconception: Callers free what they own, once. One that frees twice is the commonest bug there
 * is, and an allocator that takes the block again hands it out twice.
 *
 * Fails: double-free
 */
static void free_locked(uint32_t number, unsigned order)
{
    struct frame *f = &pmm.table[number];

    if (f->order == 0 && order > 0) {
        free_split_block(number, order);
        return;
    }
    if (f->state == FRAME_TABLE)
        pmm.stats.tables--;
    f->flags &= (uint8_t)~FRAME_CACHE;
    buddy_insert_locked(number, order);
}
