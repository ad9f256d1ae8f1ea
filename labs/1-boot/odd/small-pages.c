/*
 * Different: the gate is put together from two words; tags are walked by a pointer that shrinks
 * from the left; the map is read from its end; the image is mapped page by page, each page
 * asking for its own rights; the direct map too is cut at every page of text.
 *
 * Flags: -O0
 */
void idt_set(unsigned vector, void (*entry)(void), enum ist ist, unsigned ring)
{
    uint64_t at = (uint64_t)entry, word[2];

    KASSERT(vector < 256 && ring < 4);
    word[0] = (at & 0xffff) | (uint64_t)SEL_KERNEL_CODE << 16 | (uint64_t)ist << 32 |
              (uint64_t)(0x8e | ring << 5) << 40 | (at >> 16 & 0xffff) << 48;
    word[1] = at >> 32;
    __builtin_memcpy(&idt[vector], word, sizeof(word));
}

static err_t read_tags(uint64_t info, struct slice mbi, struct boot_info *out, const char **why)
{
    struct slice rest = { mbi.data + MBI_HEADER, mbi.len - MBI_HEADER };

    while (rest.len >= TAG_HEADER && slice_u32(rest, 0) != TAG_END) {
        uint64_t size = slice_u32(rest, 4), step = (size + 7) & ~UINT64_C(7);
        struct tag tag = { { rest.data, size }, info + (mbi.len - rest.len), slice_u32(rest, 0) };
        err_t err;

        if (size < TAG_HEADER || size > rest.len)
            return boot_fail(why, "a tag has an impossible size");
        err = read_tag(&tag, out, why);
        if (err != ERR_OK)
            return err;
        if (step > rest.len)
            break;
        rest.data += step;
        rest.len -= step;
        if (rest.len < TAG_HEADER)
            return boot_fail(why, "no end tag");
    }
    return rest.len >= TAG_HEADER && slice_u32(rest, 0) == TAG_END ? ERR_OK
                                                                   : boot_fail(why, "no end tag");
}

static err_t read_memory_map(const struct tag *tag, struct boot_info *out, const char **why)
{
    uint64_t step = tag->bytes.len < 16 ? 0 : slice_u32(tag->bytes, 8);
    uint64_t count;

    if (step < MAP_ENTRY || step % 8 != 0)
        return boot_fail(why, "the memory map makes no sense");
    count = (tag->bytes.len - 16) / step;
    while (count-- > 0) {
        struct slice entry = { tag->bytes.data + 16 + count * step, step };
        uint32_t type = slice_u32(entry, 16);
        err_t err = boot_add_region(out, slice_u64(entry, 0), slice_u64(entry, 8),
                                    type == 1   ? BOOT_RAM
                                    : type == 3 ? BOOT_ACPI
                                                : BOOT_RESERVED,
                                    why);

        if (err != ERR_OK)
            return err;
    }
    return ERR_OK;
}

static uint64_t rights_of(uint64_t pa, bool alias)
{
    if (pa >= image_phys(kernel_rodata_end) || pa < image_phys(kernel_start))
        return KERNEL_RW;
    return !alias && pa < image_phys(kernel_text_end) ? KERNEL_RX : KERNEL_RO;
}

static err_t map_image(void)
{
    err_t err = ERR_OK;

    for (uint64_t pa = image_phys(kernel_start); pa < image_phys(kernel_end) && err == ERR_OK;
         pa += PAGE_SIZE)
        err = map_one(KERNEL_BASE + pa, PADDR(pa), rights_of(pa, false), PT);
    return err;
}

static err_t map_ram(uint64_t start, uint64_t end)
{
    err_t err = ERR_OK;

    while (start < end && err == ERR_OK) {
        uint64_t next = align_down(start, HUGE_SIZE) + HUGE_SIZE;

        if (is_aligned(start, HUGE_SIZE) && next <= end && start >= image_phys(kernel_end)) {
            err = map_one(DIRECT_MAP_BASE + start, PADDR(start), KERNEL_RW, PD);
        } else {
            err = map_one(DIRECT_MAP_BASE + start, PADDR(start), rights_of(start, true), PT);
            next = start + PAGE_SIZE;
        }
        start = next;
    }
    return err;
}
