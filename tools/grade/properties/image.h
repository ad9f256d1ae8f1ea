/* The kernel's image: its segments, from its ELF file. */
#pragma once

#include "judgement.h"

enum { IMAGE_PARTS_MAX = 16 };

struct image_part {
    uint64_t va, phys, bytes;
    bool writable, executable;
};

struct image {
    struct image_part part[IMAGE_PARTS_MAX];
    unsigned parts;
};

/* False, with the verdict refused, if the file cannot be read. */
bool image_load(struct judgement *j, struct image *image);

/* The first part that has a byte of [phys, phys + bytes), or NULL. */
const struct image_part *image_at(const struct image *image, uint64_t phys, uint64_t bytes);

/* Entry point of an ELF file as linked; 0: it cannot be read. */
uint64_t elf_entry(const char *path);
