/*
 * Misconception: The first large entry is the RAM. What lies behind a hole is lost.
 *
 * Fails: all-ram, holes-all-ram
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
        uint64_t base = slice_u64(tag->bytes, at), len = slice_u64(tag->bytes, at + 8);
        enum boot_region_type type = map_type(slice_u32(tag->bytes, at + 16));
        err_t err = boot_add_region(out, base, len, type, why);

        if (err != ERR_OK)
            return err;
        if (type == BOOT_RAM && base >= 0x100000)
            break;
    }
    return ERR_OK;
}
