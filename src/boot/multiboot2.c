/*
 * Reader of Multiboot2's boot information (Multiboot2 Specification 2.0, "Boot
 * information format"): 8 bytes of header, then tags, each aligned to 8:
 *
 *     total size | reserved | type, size, payload | pad | ... | type 0, size 8
 *
 * See boot_read.h for what the callers may rely on.
 */
#include "boot/boot_read.h"
#include "boot/reader.h"
#include "lib/string.h"

enum {
    TAG_END = 0,
    TAG_CMDLINE = 1,
    TAG_LOADER = 2,
    TAG_MODULE = 3,
    TAG_MEMORY_MAP = 6,
    TAG_FRAMEBUFFER = 8,
    TAG_RSDP_OLD = 14,
    TAG_RSDP_NEW = 15,
    TAG_HEADER = 8, /* bytes: type and size */
    MBI_HEADER = 8, /* bytes: total size and reserved */
    MBI_MAX = 1 << 20,
    FRAMEBUFFER_RGB = 1,
};

/* Entries of the memory map: "Memory map". */
enum { MAP_AVAILABLE = 1, MAP_ACPI = 3, MAP_ENTRY = 24 };

/* One tag, known to lie in the boot information. */
struct tag {
    struct slice bytes; /* header and payload */
    uint64_t addr;      /* physical */
    uint32_t type;
};

static err_t read_module(const struct tag *tag, struct boot_info *out, const char **why)
{
    uint64_t start, end;

    if (tag->bytes.len < 16)
        return boot_fail(why, "a module tag is too short");
    start = slice_u32(tag->bytes, 8);
    end = slice_u32(tag->bytes, 12);
    if (end < start)
        return boot_fail(why, "a module ends before it starts");
    return boot_add_module(out, start, end - start, why);
}

static enum boot_region_type map_type(uint32_t type)
{
    return type == MAP_AVAILABLE ? BOOT_RAM : type == MAP_ACPI ? BOOT_ACPI : BOOT_RESERVED;
}

/*
 * The memory map ("Memory map"): the entries' size at offset 8, their version at
 * 12, the entries from 16 on. An entry is base and length (64 bits each) and its
 * type (32 bits), for map_type(). The size is a multiple of 8, at least MAP_ENTRY,
 * and may grow in later versions: step by it. Bytes left over at the end, fewer
 * than an entry's, are ignored. Each region goes to boot_add_region().
 * Errors: ERR_INVAL (boot_fail) if the tag is too short for its fields or the
 * entry size is impossible; what boot_add_region() says.
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
        uint64_t base = slice_u64(tag->bytes, at);
        uint64_t len = slice_u64(tag->bytes, at + 8);
        err_t err = boot_add_region(out, base, len, map_type(slice_u32(tag->bytes, at + 16)), why);

        if (err != ERR_OK)
            return err;
    }
    return ERR_OK;
}

/* A framebuffer that makes no sense is ignored: the kernel runs without one. */
static void read_framebuffer(const struct tag *tag, struct boot_info *out)
{
    struct boot_framebuffer fb;

    if (tag->bytes.len < 31 || slice_u8(tag->bytes, 29) != FRAMEBUFFER_RGB)
        return;
    fb.base = slice_u64(tag->bytes, 8);
    fb.pitch = slice_u32(tag->bytes, 16);
    fb.width = slice_u32(tag->bytes, 20);
    fb.height = slice_u32(tag->bytes, 24);
    fb.bpp = slice_u8(tag->bytes, 28);
    boot_set_framebuffer(out, fb);
}

static struct slice tag_payload(const struct tag *tag)
{
    return (struct slice){ tag->bytes.data + TAG_HEADER, tag->bytes.len - TAG_HEADER };
}

static err_t read_tag(const struct tag *tag, struct boot_info *out, const char **why)
{
    switch (tag->type) {
    case TAG_CMDLINE:
        slice_copy_string(tag_payload(tag), out->cmdline, sizeof(out->cmdline));
        return ERR_OK;
    case TAG_LOADER:
        slice_copy_string(tag_payload(tag), out->loader, sizeof(out->loader));
        return ERR_OK;
    case TAG_MODULE:
        return read_module(tag, out, why);
    case TAG_MEMORY_MAP:
        return read_memory_map(tag, out, why);
    case TAG_FRAMEBUFFER:
        read_framebuffer(tag, out);
        return ERR_OK;
    case TAG_RSDP_OLD:
        if (out->rsdp == 0)
            out->rsdp = tag->addr + TAG_HEADER;
        return ERR_OK;
    case TAG_RSDP_NEW:
        out->rsdp = tag->addr + TAG_HEADER;
        return ERR_OK;
    default: /* the loader knows more than we need */
        return ERR_OK;
    }
}

/* The whole of the information, of the size that it claims. */
static err_t read_bounds(const struct boot_memory *mem, uint64_t info, struct slice *mbi,
                         const char **why)
{
    struct slice header;
    uint32_t total;

    if (info % 8 != 0)
        return boot_fail(why, "the boot information is not aligned to 8");
    if (!memory_slice(mem, info, MBI_HEADER, &header))
        return boot_fail(why, "the boot information lies out of reach");
    total = slice_u32(header, 0);
    if (total < MBI_HEADER + TAG_HEADER || total > MBI_MAX)
        return boot_fail(why, "the boot information has an impossible size");
    if (!memory_slice(mem, info, total, mbi))
        return boot_fail(why, "the boot information runs out of reach");
    return ERR_OK;
}

/*
 * Walk all tags of mbi, which lies at physical address info, and give each to
 * read_tag() until the end tag. Sizes are without the padding up to the next
 * multiple of 8. Nothing outside of mbi may be read, whatever the sizes say: 0,
 * less than a tag's header, or more than what is left are errors.
 * Errors: ERR_INVAL (boot_fail) for such a size, or if there is no end tag; what
 * read_tag() says.
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
        at += align_up(size, 8);
    }
    return boot_fail(why, "the boot information ends without an end tag");
}

err_t multiboot2_read(const struct boot_memory *mem, uint64_t info, struct boot_info *out,
                      const char **why)
{
    struct slice mbi = { 0 };
    err_t err = read_bounds(mem, info, &mbi, why);

    if (err == ERR_OK)
        err = read_tags(info, mbi, out, why);
    if (err == ERR_OK) /* out->rsdp points into it */
        err = boot_add_reserved(out, info, mbi.len, why);
    return err;
}
