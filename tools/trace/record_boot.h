/*
 * How the machine gets its kernel: by BIOS and GRUB from an ISO, or directly.
 */
#pragma once

#include "record_elf.h"
#include "record_options.h"

enum { BOOT_SETTINGS_MAX = 8192 };

/* Do the holes lie in RAM, and not in the kernel? Sorts them. Mistakes end the run with 125. */
void record_boot_check(struct record_options *options, const struct kernel_image *image);

/* Lines of Bochs' configuration that boot the kernel with the archive (NULL: without). */
void record_boot(char settings[BOOT_SETTINGS_MAX], const struct record_options *options,
                 const struct kernel_image *image, const char *archive);
