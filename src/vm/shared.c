/*
 * Shared memory from frames that exist: whoever else maps them sees the same
 * bytes. Each mapping holds one reference on each frame, so that a frame lives
 * until the last of them is gone.
 */
#include "vm/region.h"

static bool frame_is_mappable(paddr_t frame)
{
    return is_aligned(frame.v, PAGE_SIZE) && frame_state(frame) == FRAME_USED;
}

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
    return as_operate(as, &r, region_map_locked);
}
