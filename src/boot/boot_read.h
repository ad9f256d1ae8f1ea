/*
 * Readers of the loaders' boot information. All of it is hostile input: every
 * size is checked before it is used, every sum before it is trusted. They are
 * pure functions over a view of physical memory, so the host tests feed them
 * anything.
 */
#pragma once

#include "boot/boot_info.h"
#include "lib/err.h"
#include "lib/types.h"

/* What the loaders leave in eax and pass as the magic number. */
#define MULTIBOOT2_MAGIC 0x36d76289 /* Multiboot2, "I386 machine state" */
#define PVH_MAGIC        0x336ec578 /* Xen's hvm_start_info, first field */

/* Physical memory as the reader may see it: base[p] is the byte at address p, if p < limit. */
struct boot_memory {
    const uint8_t *base;
    uint64_t limit;
    uint64_t image_start, image_end; /* physical: the kernel's own image */
};

/*
 * Read the information at info, by the loader that magic stands for, and check
 * the whole: there is RAM, the image lies in RAM, modules lie in RAM and do not
 * overlap the image or each other. *why names what is wrong, for a human.
 * Errors: ERR_INVAL; *out is then undefined.
 */
err_t boot_read(const struct boot_memory *mem, uint32_t magic, uint64_t info, struct boot_info *out,
                const char **why);

/* The two formats: they fill the fields and check what is in the format. Called by boot_read. */
err_t multiboot2_read(const struct boot_memory *mem, uint64_t info, struct boot_info *out,
                      const char **why);
err_t pvh_read(const struct boot_memory *mem, uint64_t info, struct boot_info *out,
               const char **why);
