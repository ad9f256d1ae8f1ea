/*
 * Misconception: Mapping the same frame twice shares it. Not after a fork, which sees private
 * memory and makes it copy-on-write.
 *
 * Fails: frames-named
 */
err_t as_map_shared_frames(struct address_space *as, vaddr_t start, const paddr_t *frames,
                           uint64_t count, unsigned flags, enum vma_type type)
{
    struct region r = { .start = start, .kind = { flags, type, VMA_PAGE_4K }, .frames = frames };
    err_t err = region_check(as, count, VMA_RIGHTS | VMA_USER | VMA_SHARED, &r);

    if (err != ERR_OK)
        return err;
    for (uint64_t i = 0; i < count; i++)
        if (!frame_is_mappable(frames[i]))
            return ERR_INVAL;
    return as_operate(as, &r, region_map_locked);
}
