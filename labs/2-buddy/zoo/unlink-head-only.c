/*
 * Misconception: Blocks are taken from the front of a list. Merging takes a buddy out of the
 * middle, and both its neighbours must learn of it.
 *
 * Fails: blocks, disjoint, program-runs, holes-blocks, holes-disjoint
 */
static void free_list_remove(uint32_t number)
{
    struct frame *f = &pmm.table[number];

    pmm.free_list[f->order] = f->next;
    if (f->next != FRAME_NONE)
        pmm.table[f->next].prev = FRAME_NONE;
    pmm.stats.blocks[f->order]--;
}
