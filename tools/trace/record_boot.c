/*
 * The direct path: Bochs loads pieces of memory before it starts, and a ROM of
 * ours (rom.S) takes the place of the BIOS.
 *
 *     010000  entry of the kernel, address of the boot information, memory to touch
 *     010010  boot information (Multiboot2 Specification, "Boot information format")
 *     ......  the kernel at its place; behind it, on a new page, the archive
 *     0f0000  the ROM: to 32-bit protected mode, registers as a loader leaves them
 *
 * Bochs reads a file into its own memory in one piece, but assigns that to the
 * guest's by blocks, as each is first used: so whatever is larger than a block
 * comes last, in one file, and the ROM touches its blocks in order.
 *
 * The memory map is the one that Bochs' BIOS gives, so that a kernel finds the
 * same machine by both ways; but for holes that --hole asks for.
 */
#include "record_boot.h"

#include "emulator.h"
#include "image.h"
#include "report.h"
#include "stop.h"
#include "verdict.h"
#include "workdir.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    HANDOVER = 0x10000, /* rom.S knows it, too */
    INFO = HANDOVER + 16,
    INFO_MAX = 4096,
    PAGE = 4096,
    BLOCK = 128 << 10,     /* Bochs provides RAM in such blocks */
    BIOS_BYTES = 64 << 10, /* of ACPI tables, at the end of RAM */
};
enum { TAG_END, TAG_CMDLINE, TAG_LOADER, TAG_MODULE, TAG_BASIC = 4, TAG_MAP = 6 };
enum { MAP_RAM = 1, MAP_RESERVED = 2, MAP_ACPI = 3, MAP_REGIONS_MAX = 8 + 2 * HOLES_MAX };

#define RAM_START 0x100000ull
#define HOLE      0xc0000000ull
#define FOUR_GIB  (1ull << 32)

/* As Multiboot2 has it. */
struct map_region {
    uint64_t start, len;
    uint32_t type, zero;
};
_Static_assert(sizeof(struct map_region) == 24, "entry_size of the memory map");

struct map {
    size_t regions;
    struct map_region region[MAP_REGIONS_MAX];
};

struct boot_info {
    size_t len;
    uint8_t bytes[INFO_MAX];
};

static void info_put(struct boot_info *info, const void *data, size_t len)
{
    if (len > sizeof(info->bytes) - info->len)
        report_fail("the kernel's command line is too long");
    memcpy(info->bytes + info->len, data, len);
    info->len += len;
}

static void info_tag(struct boot_info *info, uint32_t type, const void *data, size_t len)
{
    uint32_t head[2] = { type, (uint32_t)(sizeof(head) + len) };

    info_put(info, head, sizeof(head));
    if (len > 0)
        info_put(info, data, len);
    info_put(info, (const uint64_t[1]){ 0 }, -info->len % 8);
}

/* RAM ends at the hole for devices, and goes on above 4 GiB. */
static uint64_t low_memory(uint64_t memory)
{
    return memory < HOLE ? memory : HOLE;
}

/* The last of the low memory holds the BIOS' tables. */
static uint64_t ram_end(uint64_t memory)
{
    return low_memory(memory) - BIOS_BYTES;
}

static void map_add(struct map *map, uint64_t start, uint64_t end, uint32_t type)
{
    if (start < end)
        map->region[map->regions++] = (struct map_region){ start, end - start, type, 0 };
}

/* RAM, with the holes in it reserved. */
static void map_add_ram(struct map *map, const struct hole_list *holes, uint64_t start,
                        uint64_t end)
{
    const struct hole *hole;

    while ((hole = holes_find(holes, start, end)) != NULL) {
        map_add(map, start, hole->start, MAP_RAM);
        map_add(map, hole->start, hole->end, MAP_RESERVED);
        start = hole->end;
    }
    map_add(map, start, end, MAP_RAM);
}

static void info_add_map(struct boot_info *info, const struct hole_list *holes, uint64_t memory)
{
    struct map map = { 0 };
    uint64_t low = low_memory(memory), end = ram_end(memory);
    const struct hole *first = holes_find(holes, RAM_START, end);
    uint32_t head[2] = { sizeof(struct map_region), 0 };
    uint32_t basic[2] = { 0x9f000 >> 10,
                          (uint32_t)(((first ? first->start : end) - RAM_START) >> 10) };
    uint8_t tag[sizeof(head) + sizeof(map.region)];

    map_add(&map, 0, 0x9f000, MAP_RAM);
    map_add(&map, 0x9f000, 0xa0000, MAP_RESERVED);
    map_add(&map, 0xe8000, RAM_START, MAP_RESERVED);
    map_add_ram(&map, holes, RAM_START, end);
    map_add(&map, end, low, MAP_ACPI);
    map_add(&map, 0xfffc0000, FOUR_GIB, MAP_RESERVED);
    map_add(&map, FOUR_GIB, memory, MAP_RAM);
    memcpy(tag, head, sizeof(head));
    memcpy(tag + sizeof(head), map.region, map.regions * sizeof(map.region[0]));
    info_tag(info, TAG_BASIC, basic, sizeof(basic));
    info_tag(info, TAG_MAP, tag, sizeof(head) + map.regions * sizeof(map.region[0]));
}

void record_boot_check(struct record_options *options, const struct kernel_image *image)
{
    holes_sort(&options->holes, RAM_START, ram_end(options->run.mem_mib << 20));
    if (holes_find(&options->holes, image->base, image->base + image->size))
        report_fail("the kernel itself lies in a hole: it takes up 0x%" PRIx64 " to 0x%" PRIx64,
                    image->base, image->base + image->size);
}

static void file_write(const char *path, const void *data, size_t len)
{
    FILE *file = fopen(path, "w");

    if (!file || (len > 0 && fwrite(data, len, 1, file) != 1) || fclose(file) != 0)
        report_fail("cannot write %s: %m", path);
}

/* Returns the archive's size, and moves its place behind the kernel to where it fits. */
static uint64_t archive_place(const char *archive, const struct record_options *options,
                              uint64_t *base)
{
    uint64_t end = ram_end(options->run.mem_mib << 20);
    struct stat st;

    if (stat(archive, &st) != 0)
        report_fail("cannot read %s: %m", archive);
    *base = holes_avoid(&options->holes, *base, (uint64_t)st.st_size);
    if (*base >= end || (uint64_t)st.st_size > end - *base)
        report_fail("the program's files do not fit into the machine's memory; give --mem more");
    return (uint64_t)st.st_size;
}

/* Kernel and archive as they lie in memory. */
static void direct_write_image(const char *path, const struct kernel_image *image,
                               const char *archive, uint64_t base)
{
    FILE *file = fopen(path, "w"), *from = archive ? fopen(archive, "r") : NULL;
    static char piece[1 << 16];
    size_t len;

    if (archive && !from)
        report_fail("cannot read %s: %m", archive);
    if (file) {
        fwrite(image->bytes, image->size, 1, file);
        fseeko(file, (off_t)(base - image->base), SEEK_SET);
    }
    while (file && from && (len = fread(piece, 1, sizeof(piece), from)) > 0)
        fwrite(piece, 1, len, file);
    if (from)
        fclose(from);
    if (!file || ferror(file) || fclose(file) != 0)
        report_fail("cannot write %s: %m", path);
}

static void direct_write_info(const char *path, const struct record_options *options,
                              const struct kernel_image *image, uint64_t base, uint64_t size)
{
    struct {
        uint32_t entry, info, touch, touch_end;
        struct boot_info boot;
    } handover = { .entry = (uint32_t)image->entry,
                   .info = INFO,
                   .touch = (uint32_t)image->base,
                   .touch_end = (uint32_t)((base + size + BLOCK - 1) & ~(uint64_t)(BLOCK - 1)) };
    struct boot_info *info = &handover.boot;
    char cmdline[CMDLINE_MAX], name[] = "direct";
    uint32_t module[2] = { (uint32_t)base, (uint32_t)(base + size) };
    uint8_t tag[sizeof(module) + 1] = { 0 };
    uint32_t total;

    image_cmdline(cmdline, &options->run);
    info->len = 8;
    info_tag(info, TAG_CMDLINE, cmdline, strlen(cmdline) + 1);
    info_tag(info, TAG_LOADER, name, sizeof(name));
    memcpy(tag, module, sizeof(module));
    if (size > 0)
        info_tag(info, TAG_MODULE, tag, sizeof(tag));
    info_add_map(info, &options->holes, options->run.mem_mib << 20);
    info_tag(info, TAG_END, NULL, 0);
    total = (uint32_t)info->len;
    memcpy(info->bytes, &total, sizeof(total));

    /* Without the length, which is only ours. */
    memmove((uint8_t *)&handover + 16, info->bytes, total);
    file_write(path, &handover, 16 + total);
}

static void boot_direct(char settings[BOOT_SETTINGS_MAX], const struct record_options *options,
                        const struct kernel_image *image, const char *archive)
{
    char memory[WORKDIR_PATH_MAX], info[WORKDIR_PATH_MAX];
    uint64_t base = (image->base + image->size + PAGE - 1) & ~(uint64_t)(PAGE - 1), size = 0;

    if (archive)
        size = archive_place(archive, options, &base);
    direct_write_image(workdir_path(memory, "memory.ram"), image, archive, base);
    direct_write_info(workdir_path(info, "info.ram"), options, image, base, size);
    if (snprintf(settings, BOOT_SETTINGS_MAX,
                 "romimage: file=\"%s\"\n"
                 "optramimage1: file=\"%s\", address=0x%x\n"
                 "optramimage2: file=\"%s\", address=0x%llx\n",
                 QUIRE_TRACE_ROM, info, HANDOVER, memory,
                 (unsigned long long)image->base) >= BOOT_SETTINGS_MAX)
        report_fail("the path in TMPDIR is too long");
}

static void boot_grub(char settings[BOOT_SETTINGS_MAX], const struct record_options *options,
                      const char *archive)
{
    char iso[WORKDIR_PATH_MAX];

    if (!archive)
        report_fail("--no-program needs --direct");
    report_progress("making the boot image");
    if (!image_make(workdir_path(iso, "quire.iso"), archive, &options->run))
        verdict_check_stop(&options->run);
    snprintf(settings, BOOT_SETTINGS_MAX,
             BOCHS_BIOS "ata0-master: type=cdrom, path=%s, status=inserted\n", iso);
}

void record_boot(char settings[BOOT_SETTINGS_MAX], const struct record_options *options,
                 const struct kernel_image *image, const char *archive)
{
    size_t used;

    if (options->grub)
        boot_grub(settings, options, archive);
    else
        boot_direct(settings, options, image, archive);
    used = strlen(settings);
    snprintf(settings + used, BOOT_SETTINGS_MAX - used, "display_library: " BOCHS_HEADLESS "\n");
    bochs_add_memory(settings, BOOT_SETTINGS_MAX, options->run.mem_mib);
}
