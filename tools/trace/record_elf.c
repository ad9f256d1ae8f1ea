/*
 * Kernels are anybody's: every offset and size is checked before it is used.
 */
#include "record_elf.h"

#include "report.h"

#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    HEADER_SEARCH = 32768, /* Multiboot2, "The layout of Multiboot2 header" */
    TAG_ENTRY = 3,
    IMAGE_MAX = 256 << 20,
};

#define MULTIBOOT2_HEADER_MAGIC 0xe85250d6u
/* Where the kernel puts position-independent programs. */
#define PROGRAM_BIAS 0x555555554000ull

struct file {
    const uint8_t *bytes;
    size_t size;
};

static bool file_map(struct file *file, const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    void *map = MAP_FAILED;

    if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0)
        map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (fd >= 0)
        close(fd);
    if (map == MAP_FAILED)
        return false;
    *file = (struct file){ map, (size_t)st.st_size };
    return true;
}

static bool file_read(const struct file *file, uint64_t offset, void *out, size_t len)
{
    if (offset > file->size || len > file->size - offset)
        return false;
    memcpy(out, file->bytes + offset, len);
    return true;
}

static bool elf_header(const struct file *file, Elf64_Ehdr *header)
{
    return file_read(file, 0, header, sizeof(*header)) &&
           memcmp(header->e_ident, ELFMAG, SELFMAG) == 0 &&
           header->e_ident[EI_CLASS] == ELFCLASS64 && header->e_phentsize == sizeof(Elf64_Phdr);
}

/* A loadable segment, checked against the file. */
static bool elf_segment(const struct file *file, const Elf64_Ehdr *header, unsigned n,
                        Elf64_Phdr *segment)
{
    if (!file_read(file, header->e_phoff + (uint64_t)n * sizeof(*segment), segment,
                   sizeof(*segment)))
        return false;
    return segment->p_type == PT_LOAD && segment->p_memsz > 0 &&
           segment->p_filesz <= segment->p_memsz && segment->p_offset <= file->size &&
           segment->p_filesz <= file->size - segment->p_offset && segment->p_paddr < IMAGE_MAX &&
           segment->p_memsz < IMAGE_MAX;
}

static void image_bounds(struct kernel_image *image, const struct file *file,
                         const Elf64_Ehdr *header)
{
    uint64_t end = 0;
    Elf64_Phdr segment;

    image->base = UINT64_MAX;
    for (unsigned i = 0; i < header->e_phnum; i++) {
        if (!elf_segment(file, header, i, &segment))
            continue;
        if (segment.p_paddr < image->base)
            image->base = segment.p_paddr;
        if (segment.p_paddr + segment.p_memsz > end)
            end = segment.p_paddr + segment.p_memsz;
    }
    image->size = end > image->base ? end - image->base : 0;
}

/* The tag with the entry's physical address in a Multiboot2 header at `at`; 0: there is none. */
static uint32_t header_entry(const struct file *file, uint64_t at)
{
    uint32_t head[4], entry;
    uint16_t tag[2];
    uint32_t size;

    file_read(file, at, head, sizeof(head));
    for (uint64_t tags = at + sizeof(head); tags < at + head[2]; tags += (size + 7) & ~7u) {
        if (!file_read(file, tags, tag, sizeof(tag)) ||
            !file_read(file, tags + 4, &size, sizeof(size)) || size < 8 || tag[0] == 0)
            break;
        if (tag[0] == TAG_ENTRY && file_read(file, tags + 8, &entry, sizeof(entry)))
            return entry;
    }
    return 0;
}

static bool image_find_entry(struct kernel_image *image, const struct file *file,
                             const Elf64_Ehdr *header)
{
    uint32_t magic, entry;

    for (uint64_t at = 0; at < HEADER_SEARCH && file_read(file, at, &magic, 4); at += 8) {
        uint32_t head[4];

        if (magic != MULTIBOOT2_HEADER_MAGIC || !file_read(file, at, head, sizeof(head)) ||
            head[0] + head[1] + head[2] + head[3] != 0)
            continue;
        entry = header_entry(file, at);
        image->entry = entry ? entry : header->e_entry;
        return image->entry >= image->base && image->entry < image->base + image->size;
    }
    return false;
}

void kernel_image_load(struct kernel_image *image, const char *path)
{
    struct file file;
    Elf64_Ehdr header;
    Elf64_Phdr segment;

    if (!file_map(&file, path))
        report_fail("cannot read the kernel %s: %m", path);
    if (!elf_header(&file, &header))
        report_fail("%s is no 64-bit ELF file, which is what can be recorded", path);
    image_bounds(image, &file, &header);
    if (image->size == 0 || image->size > IMAGE_MAX)
        report_fail("%s has no segments to load", path);
    if (!image_find_entry(image, &file, &header))
        report_fail("%s is no Multiboot2 kernel: it has no header, or its entry lies outside",
                    path);
    image->bytes = calloc(1, image->size);
    if (!image->bytes)
        report_fail("out of memory");
    for (unsigned i = 0; i < header.e_phnum; i++)
        if (elf_segment(&file, &header, i, &segment))
            memcpy(image->bytes + (segment.p_paddr - image->base), file.bytes + segment.p_offset,
                   segment.p_filesz);
    munmap((void *)(uintptr_t)file.bytes, file.size);
}

bool program_bias(const char *path, uint64_t *bias)
{
    struct file file;
    Elf64_Ehdr header;
    bool good;

    if (!file_map(&file, path))
        return false;
    good = elf_header(&file, &header);
    munmap((void *)(uintptr_t)file.bytes, file.size);
    if (good)
        *bias = header.e_type == ET_DYN ? PROGRAM_BIAS : 0;
    return good;
}

unsigned program_code(const char *path, struct program_code *code, unsigned max)
{
    struct file file;
    Elf64_Ehdr header;
    Elf64_Phdr segment;
    unsigned count = 0;

    if (!file_map(&file, path))
        return 0;
    for (unsigned i = 0; elf_header(&file, &header) && i < header.e_phnum && count <= max; i++) {
        if (!elf_segment(&file, &header, i, &segment) || !(segment.p_flags & PF_X))
            continue;
        if (count < max)
            code[count] =
                (struct program_code){ segment.p_vaddr, segment.p_offset, segment.p_filesz };
        count++;
    }
    munmap((void *)(uintptr_t)file.bytes, file.size);
    return count <= max ? count : 0;
}
