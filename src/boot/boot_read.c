/* What both boot readers share, and the checks of the whole; see boot_read.h. */
#include "boot/boot_read.h"

#include "boot/reader.h"
#include "boot/regions.h"
#include "lib/string.h"

uint8_t slice_u8(struct slice s, uint64_t at)
{
    return s.data[at];
}

/* By copying: nothing promises alignment. */
uint32_t slice_u32(struct slice s, uint64_t at)
{
    uint32_t value;

    memcpy(&value, s.data + at, sizeof(value));
    return value;
}

uint64_t slice_u64(struct slice s, uint64_t at)
{
    uint64_t value;

    memcpy(&value, s.data + at, sizeof(value));
    return value;
}

void slice_copy_string(struct slice s, char *out, size_t size)
{
    size_t len = strnlen((const char *)s.data, min_u64(s.len, size - 1));

    memcpy(out, s.data, len);
    out[len] = '\0';
}

err_t boot_fail(const char **why, const char *text)
{
    *why = text;
    return ERR_INVAL;
}

err_t boot_add_region(struct boot_info *info, uint64_t base, uint64_t len,
                      enum boot_region_type type, const char **why)
{
    switch (regions_add(info, base, len, type)) {
    case ERR_OK:
        return ERR_OK;
    case ERR_2BIG:
        return boot_fail(why, "the memory map has too many regions");
    default:
        return boot_fail(why, "a region of the memory map runs past the last address");
    }
}

err_t boot_add_module(struct boot_info *info, uint64_t base, uint64_t len, const char **why)
{
    if (info->module_count == BOOT_MODULES_MAX)
        return boot_fail(why, "there are too many modules");
    if (!is_aligned(base, PAGE_SIZE))
        return boot_fail(why, "a module is not aligned to a page");
    if (base + len < base)
        return boot_fail(why, "a module runs past the last address");
    info->module[info->module_count++] = (struct boot_module){ base, len };
    return ERR_OK;
}

err_t boot_add_reserved(struct boot_info *info, uint64_t base, uint64_t len, const char **why)
{
    if (len == 0)
        return ERR_OK;
    if (info->reserved_count == ARRAY_SIZE(info->reserved))
        return boot_fail(why, "there are too many reserved ranges");
    info->reserved[info->reserved_count++] = (struct boot_module){ base, len };
    return ERR_OK;
}

void boot_set_framebuffer(struct boot_info *info, struct boot_framebuffer fb)
{
    uint64_t line = (uint64_t)fb.width * fb.bpp / 8;
    uint64_t size = (uint64_t)fb.pitch * fb.height;

    if ((fb.bpp == 24 || fb.bpp == 32) && fb.width > 0 && fb.height > 0 && fb.pitch >= line &&
        fb.base != 0 && fb.base + size > fb.base)
        info->fb = fb;
}

static bool ranges_overlap(struct boot_module a, struct boot_module b)
{
    return a.base < b.base + b.len && b.base < a.base + a.len;
}

/* Reserve [base, base + len), which must be RAM that nothing else is reserved in. */
static err_t reserve_checked(struct boot_info *info, struct boot_module range, const char **why)
{
    if (range.len == 0)
        return ERR_OK;
    if (!regions_are_ram(info, range.base, range.len))
        return boot_fail(why, "a module or the kernel does not lie in RAM");
    for (unsigned i = 0; i < info->reserved_count; i++) {
        if (ranges_overlap(info->reserved[i], range))
            return boot_fail(why, "a module, the kernel or the boot information overlap");
    }
    return boot_add_reserved(info, range.base, range.len, why);
}

/* The readers fill; this judges the whole, and reserves the image and the modules. */
static err_t boot_check(const struct boot_memory *mem, struct boot_info *info, const char **why)
{
    struct boot_module image = { mem->image_start, mem->image_end - mem->image_start };
    err_t err;

    if (info->region_count == 0)
        return boot_fail(why, "the loader gave no memory map");
    err = reserve_checked(info, image, why);
    for (unsigned i = 0; i < info->module_count && err == ERR_OK; i++)
        err = reserve_checked(info, info->module[i], why);
    return err;
}

err_t boot_read(const struct boot_memory *mem, uint32_t magic, uint64_t addr, struct boot_info *out,
                const char **why)
{
    err_t err;

    memset(out, 0, sizeof(*out));
    if (magic == MULTIBOOT2_MAGIC)
        err = multiboot2_read(mem, addr, out, why);
    else if (magic == PVH_MAGIC)
        err = pvh_read(mem, addr, out, why);
    else
        err = boot_fail(why, "the loader speaks neither Multiboot2 nor PVH");
    return err == ERR_OK ? boot_check(mem, out, why) : err;
}
