/*
 * The kernel's half of every address space. docs/memory-map.md draws it.
 *
 *     ffff800000000000  PML4[256..271]  direct map: all of RAM, 2 MiB pages, NX
 *     ffffc00000000000  PML4[384]       kernel stacks, an unmapped guard under each
 *     ffffd00000000000  PML4[416]       devices and the framebuffer, uncached
 *     ffffffff80000000  PML4[511]       kernel image: text R-X, rodata R--, data RW-
 *
 * Also read by the linker script and assembly: plain constants only.
 */
#pragma once

#define DIRECT_MAP_BASE 0xffff800000000000
#define KSTACK_BASE     0xffffc00000000000
#define DEVICE_BASE     0xffffd00000000000
#define KERNEL_BASE     0xffffffff80000000
#define KERNEL_PHYS     0x100000      /* where the loader puts the image */
#define DIRECT_MAP_MAX  0x80000000000 /* 8 TiB: PML4[256..271] */
#define BOOT_MAP_LIMIT  0x100000000   /* the trampoline maps the first 4 GiB */

/* What programs get: nothing at 0, and SYSRET never sees a non-canonical return address. */
#define USER_MIN 0x10000
#define USER_MAX 0x7ffffffff000 /* exclusive */
