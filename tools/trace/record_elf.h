/*
 * The kernel as a boot loader sees it, and what a trace says about programs.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct kernel_image {
    uint8_t *bytes; /* the segments, as they lie in memory */
    uint64_t base;  /* physical address of the first */
    uint64_t size;
    uint64_t entry; /* physical */
};

/* Load a Multiboot2 kernel, 64-bit ELF. Exits with 125 and one line if it is none. */
void kernel_image_load(struct kernel_image *image, const char *path);

/* Where a program lies: what is added to its ELF file's addresses. False if it is no ELF file. */
bool program_bias(const char *path, uint64_t *bias);

/* An executable segment: its bytes in the file, and where they lie in memory as linked. */
struct program_code {
    uint64_t address, offset, bytes;
};

/* Executable segments of a program; 0 if there are none, or more than max. */
unsigned program_code(const char *path, struct program_code *code, unsigned max);
