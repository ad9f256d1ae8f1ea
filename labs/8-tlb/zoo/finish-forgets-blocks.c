/*
 * Misconception: The list of frames is what must be freed. Large blocks are on a list of their
 * own.
 *
 * Fails: large-returns
 */
void tlb_gather_finish(struct tlb_gather *gather)
{
    flush(gather);
    while (gather->frames.count)
        frame_put(frame_list_pop(&gather->frames));
}
