/*
 * Misconception: The caller knows what it maps. A frame that is free, or a page table, in a
 * program's hands is the end of all protection.
 *
 * Fails: frames-refused
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
    (void)frame_is_mappable;
    return as_operate(as, &r, region_map_locked);
}
