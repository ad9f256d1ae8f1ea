/*
 * Tools of the boot readers: bounds-checked views of memory, and what fills
 * struct boot_info with its checks. Private to src/boot.
 */
#pragma once

#include "boot/boot_read.h"

/* Bytes that are known to lie in reach. */
struct slice {
    const uint8_t *data;
    uint64_t len;
};

/* The view of [addr, addr + len); false if it is not all in reach. */
static inline bool memory_slice(const struct boot_memory *mem, uint64_t addr, uint64_t len,
                                struct slice *out)
{
    if (addr > mem->limit || len > mem->limit - addr)
        return false;
    *out = (struct slice){ mem->base + addr, len };
    return true;
}

/* Little-endian numbers at an offset that the caller has checked against len. */
uint8_t slice_u8(struct slice s, uint64_t at);
uint32_t slice_u32(struct slice s, uint64_t at);
uint64_t slice_u64(struct slice s, uint64_t at);

/* Copy a string that ends with a NUL or with the slice; cut to size - 1 bytes. */
void slice_copy_string(struct slice s, char *out, size_t size);

/* Sets *why; returns ERR_INVAL. */
err_t boot_fail(const char **why, const char *text);

/* Errors: ERR_INVAL with *why set if the list is full or the range is impossible. */
err_t boot_add_region(struct boot_info *info, uint64_t base, uint64_t len,
                      enum boot_region_type type, const char **why);
err_t boot_add_module(struct boot_info *info, uint64_t base, uint64_t len, const char **why);
err_t boot_add_reserved(struct boot_info *info, uint64_t base, uint64_t len, const char **why);

/* Takes the framebuffer if its numbers fit each other. */
void boot_set_framebuffer(struct boot_info *info, struct boot_framebuffer fb);
