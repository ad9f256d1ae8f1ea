/*
 * Misconception: Free, then flush: both are done before anybody can look. The frame is on the free
 * list while the CPU still writes to it by its old address.
 *
 * Fails: flush-then-free
 */
void tlb_gather_finish(struct tlb_gather *gather)
{
    while (gather->frames.count)
        frame_put(frame_list_pop(&gather->frames));
    while (gather->blocks.count)
        frame_put_block(frame_list_pop(&gather->blocks), HUGE_ORDER);
    flush(gather);
}
