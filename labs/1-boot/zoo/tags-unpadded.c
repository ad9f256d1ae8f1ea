/*
 * Misconception: The next tag starts where this one ends. Tags are aligned to 8 bytes, and the
 * padding is not in the size.
 *
 * Fails: no-identity, reaches-ring-3, w-xor-x, image-rights, text-read-only, all-ram, ram-only,
 *        big-memory, holes-all-ram, holes-ram-only
 */
static err_t read_tags(uint64_t info, struct slice mbi, struct boot_info *out, const char **why)
{
    for (uint64_t at = MBI_HEADER; at + TAG_HEADER <= mbi.len;) {
        uint32_t size = slice_u32(mbi, at + 4);
        struct tag tag = { .type = slice_u32(mbi, at), .addr = info + at };
        err_t err;

        if (tag.type == TAG_END)
            return ERR_OK;
        if (size < TAG_HEADER || size > mbi.len - at)
            return boot_fail(why, "a tag of the boot information has an impossible size");
        tag.bytes = (struct slice){ mbi.data + at, size };
        err = read_tag(&tag, out, why);
        if (err != ERR_OK)
            return err;
        at += size;
    }
    return boot_fail(why, "the boot information ends without an end tag");
}
