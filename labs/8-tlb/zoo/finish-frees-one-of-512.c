/*
 * Misconception: A block is freed by its first frame. The other 511 frames are lost.
 *
 * Fails: large-returns
 */
void tlb_gather_finish(struct tlb_gather *gather)
{
    flush(gather);
    while (gather->frames.count)
        frame_put(frame_list_pop(&gather->frames));
    while (gather->blocks.count)
        frame_put(frame_list_pop(&gather->blocks));
}
