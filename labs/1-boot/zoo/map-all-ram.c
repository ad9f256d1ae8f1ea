/*
 * Misconception: What is in the memory map is memory. Most entries say what must not be
 * touched; a frame from a hole loses whatever is stored in it.
 *
 * Fails: reaches-ring-3, all-ram, ram-only, big-memory, holes-all-ram, holes-ram-only
 */
static err_t read_memory_map(const struct tag *tag, struct boot_info *out, const char **why)
{
    uint64_t step;

    if (tag->bytes.len < 16)
        return boot_fail(why, "the memory map tag is too short");
    step = slice_u32(tag->bytes, 8);
    if (step < MAP_ENTRY || step % 8 != 0)
        return boot_fail(why, "the memory map's entries have an impossible size");
    for (uint64_t at = 16; tag->bytes.len - at >= step; at += step) {
        err_t err = boot_add_region(out, slice_u64(tag->bytes, at), slice_u64(tag->bytes, at + 8),
                                    map_type(MAP_AVAILABLE), why);

        if (err != ERR_OK)
            return err;
    }
    return ERR_OK;
}
