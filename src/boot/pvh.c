/*
 * Reader of PVH's hvm_start_info (Xen, "x86/HVM direct boot ABI"), which QEMU
 * makes for -kernel. The memory map came with version 1; without it there is
 * nothing to boot from.
 *
 *     0 magic | 4 version | 8 flags | 12 modules | 16 list of modules |
 *     24 command line | 32 RSDP | 40 memory map | 48 its entries | 52 reserved
 */
#include "boot/boot_read.h"
#include "boot/reader.h"
#include "lib/string.h"

enum {
    INFO_SIZE = 56,
    MODULE_SIZE = 32, /* address, size, command line, reserved */
    ENTRY_SIZE = 24,  /* address, size, type, reserved */
    ENTRIES_MAX = 4096,
    /* Types are the BIOS's (ACPI Specification, "Address Range Types"). */
    TYPE_RAM = 1,
    TYPE_ACPI = 3,
};

static err_t read_memory_map(const struct boot_memory *mem, struct slice info,
                             struct boot_info *out, const char **why)
{
    uint32_t count = slice_u32(info, 48);
    struct slice map;

    if (slice_u32(info, 4) < 1 || count == 0)
        return boot_fail(why, "the start information has no memory map");
    if (count > ENTRIES_MAX ||
        !memory_slice(mem, slice_u64(info, 40), (uint64_t)count * ENTRY_SIZE, &map))
        return boot_fail(why, "the memory map lies out of reach");
    for (uint64_t at = 0; at < map.len; at += ENTRY_SIZE) {
        uint32_t type = slice_u32(map, at + 16);
        err_t err = boot_add_region(out, slice_u64(map, at), slice_u64(map, at + 8),
                                    type == TYPE_RAM    ? BOOT_RAM
                                    : type == TYPE_ACPI ? BOOT_ACPI
                                                        : BOOT_RESERVED,
                                    why);
        if (err != ERR_OK)
            return err;
    }
    return ERR_OK;
}

static err_t read_modules(const struct boot_memory *mem, struct slice info, struct boot_info *out,
                          const char **why)
{
    uint32_t count = slice_u32(info, 12);
    struct slice list;

    if (count > BOOT_MODULES_MAX)
        return boot_fail(why, "there are too many modules");
    if (!memory_slice(mem, slice_u64(info, 16), (uint64_t)count * MODULE_SIZE, &list))
        return boot_fail(why, "the list of modules lies out of reach");
    for (uint64_t at = 0; at < list.len; at += MODULE_SIZE) {
        err_t err = boot_add_module(out, slice_u64(list, at), slice_u64(list, at + 8), why);

        if (err != ERR_OK)
            return err;
    }
    return ERR_OK;
}

static err_t read_cmdline(const struct boot_memory *mem, uint64_t addr, struct boot_info *out,
                          const char **why)
{
    struct slice text;

    if (addr == 0)
        return ERR_OK;
    if (addr >= mem->limit ||
        !memory_slice(mem, addr, min_u64(sizeof(out->cmdline), mem->limit - addr), &text))
        return boot_fail(why, "the command line lies out of reach");
    slice_copy_string(text, out->cmdline, sizeof(out->cmdline));
    return ERR_OK;
}

err_t pvh_read(const struct boot_memory *mem, uint64_t info, struct boot_info *out,
               const char **why)
{
    struct slice start;
    err_t err;

    if (!memory_slice(mem, info, INFO_SIZE, &start))
        return boot_fail(why, "the start information lies out of reach");
    if (slice_u32(start, 0) != PVH_MAGIC)
        return boot_fail(why, "the start information has a wrong magic number");
    memcpy(out->loader, "PVH", sizeof("PVH"));
    out->rsdp = slice_u64(start, 32);
    err = read_memory_map(mem, start, out, why);
    if (err == ERR_OK)
        err = read_modules(mem, start, out, why);
    if (err == ERR_OK)
        err = read_cmdline(mem, slice_u64(start, 24), out, why);
    return err;
}
