/*
 * The direct path: Bochs loads pieces of memory before it starts, and a ROM of
 * ours (rom.S) takes the place of the BIOS.
 *
 *     010000  entry of the kernel, address of the boot information
 *     010010  boot information (Multiboot2 Specification, "Boot information format")
 *     ......  the kernel at its place; behind it, on a new page, the archive
 *     0f0000  the ROM: to 32-bit protected mode, registers as a loader leaves them
 *
 * The memory map is the one that Bochs' BIOS gives, so that a kernel finds the
 * same machine by both ways.
 */
#include "record_boot.h"

#include "emulator.h"
#include "image.h"
#include "report.h"
#include "stop.h"
#include "verdict.h"
#include "workdir.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    HANDOVER = 0x10000, /* rom.S knows it, too */
    INFO = HANDOVER + 16,
    INFO_MAX = 4096,
    PAGE = 4096,
    BIOS_BYTES = 64 << 10, /* of ACPI tables, at the end of RAM */
};
enum { TAG_END, TAG_CMDLINE, TAG_LOADER, TAG_MODULE, TAG_BASIC = 4, TAG_MAP = 6 };
enum { MAP_RAM = 1, MAP_RESERVED = 2, MAP_ACPI = 3, MAP_ENTRY = 24 };

#define HOLE     0xc0000000ull
#define FOUR_GIB (1ull << 32)

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

static void info_add_map(struct boot_info *info, uint64_t memory)
{
    struct map {
        uint32_t entry_size, version;
        struct {
            uint64_t base, len;
            uint32_t type, zero;
        } entry[7];
    } map = { MAP_ENTRY, 0, { { 0 } } };
    uint64_t low = low_memory(memory), entries = memory > FOUR_GIB ? 7 : 6;
    uint32_t basic[2] = { 0x9f000 >> 10, (uint32_t)((low - 0x100000 - BIOS_BYTES) >> 10) };

    _Static_assert(sizeof(map.entry[0]) == MAP_ENTRY, "as Multiboot2 has it");
    memcpy(map.entry,
           &(typeof(map.entry)){
               { 0, 0x9f000, MAP_RAM, 0 },
               { 0x9f000, 0x1000, MAP_RESERVED, 0 },
               { 0xe8000, 0x18000, MAP_RESERVED, 0 },
               { 0x100000, low - 0x100000 - BIOS_BYTES, MAP_RAM, 0 },
               { low - BIOS_BYTES, BIOS_BYTES, MAP_ACPI, 0 },
               { 0xfffc0000, 0x40000, MAP_RESERVED, 0 },
               { FOUR_GIB, memory - FOUR_GIB, MAP_RAM, 0 },
           },
           sizeof(map.entry));
    info_tag(info, TAG_BASIC, basic, sizeof(basic));
    info_tag(info, TAG_MAP, &map, 8 + entries * MAP_ENTRY);
}

static void file_write(const char *path, const void *data, size_t len)
{
    FILE *file = fopen(path, "w");

    if (!file || (len > 0 && fwrite(data, len, 1, file) != 1) || fclose(file) != 0)
        report_fail("cannot write %s: %m", path);
}

/* Returns the archive's size; it must fit into RAM behind the kernel. */
static uint64_t archive_size(const char *archive, uint64_t base, uint64_t memory)
{
    struct stat st;

    if (stat(archive, &st) != 0)
        report_fail("cannot read %s: %m", archive);
    memory = low_memory(memory);
    if (base >= memory || (uint64_t)st.st_size > memory - BIOS_BYTES - base)
        report_fail("the program's files do not fit into the machine's memory; give --mem more");
    return (uint64_t)st.st_size;
}

static void direct_write_info(const char *path, const struct record_options *options,
                              const struct kernel_image *image, uint64_t base, uint64_t size)
{
    struct {
        uint32_t entry, info, zero[2];
        struct boot_info boot;
    } handover = { .entry = (uint32_t)image->entry, .info = INFO };
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
    info_add_map(info, options->run.mem_mib << 20);
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
    char kernel[WORKDIR_PATH_MAX], info[WORKDIR_PATH_MAX], module[WORKDIR_PATH_MAX + 64] = "";
    uint64_t base = (image->base + image->size + PAGE - 1) & ~(uint64_t)(PAGE - 1), size = 0;

    file_write(workdir_path(kernel, "kernel.ram"), image->bytes, image->size);
    if (archive) {
        size = archive_size(archive, base, options->run.mem_mib << 20);
        snprintf(module, sizeof(module), "optramimage3: file=\"%s\", address=0x%llx\n", archive,
                 (unsigned long long)base);
    }
    direct_write_info(workdir_path(info, "info.ram"), options, image, base, size);
    if (snprintf(settings, BOOT_SETTINGS_MAX,
                 "romimage: file=\"%s\"\n"
                 "optramimage1: file=\"%s\", address=0x%llx\n"
                 "optramimage2: file=\"%s\", address=0x%x\n%s",
                 QUIRE_TRACE_ROM, kernel, (unsigned long long)image->base, info, HANDOVER,
                 module) >= BOOT_SETTINGS_MAX)
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
