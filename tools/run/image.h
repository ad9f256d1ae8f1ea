/*
 * The boot image: GRUB, the kernel and the archive on one ISO, by
 * iso/make-iso.sh.
 */
#pragma once

#include "options.h"

#include <stdbool.h>

enum { CMDLINE_MAX = 512 };

/* The kernel's command line; out holds CMDLINE_MAX bytes. */
void image_cmdline(char *out, const struct run_options *options);

/*
 * Make the ISO at path, holding the archive. False when the runner shall stop;
 * exits with 125 on failure.
 */
bool image_make(const char *path, const char *archive, const struct run_options *options);
