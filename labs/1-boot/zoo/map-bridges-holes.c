/*
 * Misconception: RAM is one block from 1 MiB to the highest address, as the old "upper memory"
 * number says. Between the RAM there can be holes.
 *
 * Fails: all-ram, holes-all-ram
 */
static err_t read_memory_map(const struct tag *tag, struct boot_info *out, const char **why)
{
    uint64_t step, top = 0x100000;

    if (tag->bytes.len < 16)
        return boot_fail(why, "the memory map tag is too short");
    step = slice_u32(tag->bytes, 8);
    if (step < MAP_ENTRY || step % 8 != 0)
        return boot_fail(why, "the memory map's entries have an impossible size");
    for (uint64_t at = 16; tag->bytes.len - at >= step; at += step)
        if (map_type(slice_u32(tag->bytes, at + 16)) == BOOT_RAM)
            top = max_u64(top, slice_u64(tag->bytes, at) + slice_u64(tag->bytes, at + 8));
    return boot_add_region(out, 0x100000, top - 0x100000, BOOT_RAM, why);
}
