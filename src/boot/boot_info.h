/*
 * What the loader told us, in the kernel's own words. The readers
 * (multiboot2.c, pvh.c) check everything and leave this; nothing above this
 * layer knows how the kernel was loaded.
 *
 * All regions are sorted by base, do not overlap, and lie below 2^52. RAM
 * regions are as reported, not rounded to pages; users round inwards.
 */
#pragma once

#include "lib/err.h"
#include "lib/types.h"

enum { BOOT_REGIONS_MAX = 128, BOOT_MODULES_MAX = 8, BOOT_CMDLINE_MAX = 512 };

enum boot_region_type {
    BOOT_RAM,      /* free for the kernel */
    BOOT_RESERVED, /* firmware's or a device's: never touched */
    BOOT_ACPI,     /* ACPI tables: RAM, but left alone */
};

struct boot_region {
    uint64_t base, len; /* bytes; len > 0; base + len does not overflow */
    enum boot_region_type type;
};

struct boot_module {
    uint64_t base, len; /* physical, page-aligned base; bytes */
};

struct boot_framebuffer {
    uint64_t base; /* physical; 0: none */
    uint32_t pitch, width, height;
    uint8_t bpp;
};

struct boot_info {
    char loader[64];                /* "GRUB 2.06-13+deb12u1", "PVH", ... */
    char cmdline[BOOT_CMDLINE_MAX]; /* NUL-terminated, cut if longer */
    unsigned region_count;
    struct boot_region region[BOOT_REGIONS_MAX];
    unsigned module_count;
    struct boot_module module[BOOT_MODULES_MAX];
    struct boot_framebuffer fb;
    uint64_t rsdp; /* physical address of a copy of ACPI's RSDP, 0: none */
    /* RAM that the pmm must not hand out: the image, modules, the loader's data. */
    unsigned reserved_count;
    struct boot_module reserved[BOOT_MODULES_MAX + 4];
};
