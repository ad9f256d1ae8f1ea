/*
 * How the machine gets its kernel: by BIOS and GRUB from an ISO, or directly.
 */
#pragma once

#include "record_elf.h"
#include "record_options.h"

enum { BOOT_SETTINGS_MAX = 8192 };

/* Lines of Bochs' configuration that boot the kernel with the archive (NULL: without). */
void record_boot(char settings[BOOT_SETTINGS_MAX], const struct record_options *options,
                 const struct kernel_image *image, const char *archive);
