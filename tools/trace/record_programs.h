/*
 * The programs of a run: ELF files on the host that the guest may execute.
 */
#pragma once

#include "record_options.h"

#include <stdio.h>

/* Call visit for each ELF file among PROG and --file, with what is added to its addresses. */
void record_programs_each(const struct record_options *options,
                          void (*visit)(FILE *file, const char *path, uint64_t bias), FILE *file);

/* The lines of the recorder's setup about programs that can be challenged. */
void record_programs_write(FILE *file, const struct record_options *options);
