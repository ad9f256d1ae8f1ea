/*
 * What the recorder is told (recorder/setup.h), and what the trace says about
 * its run.
 */
#pragma once

#include "record_elf.h"
#include "record_options.h"

/*
 * Write the setup to path. archive is what was booted, NULL for nothing. The
 * trace's parameters hold nothing that differs between runs of the same image.
 * Exits with 125 and one line on failure.
 */
void record_setup_write(const char *path, const struct record_options *options,
                        const struct kernel_image *image, const char *archive);
