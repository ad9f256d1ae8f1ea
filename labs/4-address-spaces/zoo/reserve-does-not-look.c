/*
 * Misconception: Whoever asks for an address knows that it is free. A program asks for what it
 * likes, and two regions now share their pages.
 *
 * Fails: reserve-overlap, churn
 */
static err_t reserve_locked(struct address_space *as, const struct region *r,
                            struct as_reserve *reserve)
{
    err_t err = vma_pool_fill(&reserve->nodes, 1);

    if (err == ERR_OK && vma_overlaps(&as->vmas, r->start, r->end))
        as_remove_range(as, r->start, r->end, reserve);
    if (err == ERR_OK)
        region_record(as, r, reserve);
    return err;
}
