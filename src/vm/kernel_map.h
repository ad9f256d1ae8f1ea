/*
 * The kernel's own page tables: built once, then CR3 never leaves them in the
 * upper half. Replaces the trampoline's tables.
 */
#pragma once

#include "boot/boot_info.h"
#include "lib/err.h"
#include "vm/pt.h"

/* Their root, and what is below it in the kernel half. */
extern struct page_tables kernel_tables;

/*
 * Build the layout of arch/layout.h: the direct map of all RAM with text and
 * rodata read-only, the image with W^X, empty tables for the stacks' and
 * devices' PML4 slots. Loads CR3. Errors: ERR_NOMEM.
 */
err_t kernel_map_init(const struct boot_info *info);

/*
 * Map device memory uncached in the device slot, forever. base need not be
 * aligned. Errors: ERR_NOMEM.
 */
err_t kernel_map_device(paddr_t base, uint64_t len, void **out);
