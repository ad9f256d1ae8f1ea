/*
 * Misconception: Sharing a frame takes a reference. region_map_locked takes it: the second one is
 * never given back.
 *
 * Fails: frames-named
 */
err_t as_map_shared_frames(struct address_space *as, vaddr_t start, const paddr_t *frames,
                           uint64_t count, unsigned flags, enum vma_type type)
{
    struct region r = { .start = start,
                        .kind = { flags | VMA_SHARED, type, VMA_PAGE_4K },
                        .frames = frames };
    err_t err = region_check(as, count, VMA_RIGHTS | VMA_USER | VMA_SHARED, &r);

    if (err != ERR_OK)
        return err;
    for (uint64_t i = 0; i < count; i++)
        if (!frame_is_mappable(frames[i]))
            return ERR_INVAL;
    for (uint64_t i = 0; i < count; i++)
        frame_get(frames[i]);
    return as_operate(as, &r, region_map_locked);
}
