#include "image.h"

#include <fcntl.h>
#include <gelf.h>
#include <unistd.h>

static void image_read(struct image *image, Elf *elf)
{
    size_t count = 0;

    if (elf_getphdrnum(elf, &count) != 0)
        return;
    for (size_t i = 0; i < count && image->parts < IMAGE_PARTS_MAX; i++) {
        GElf_Phdr header;

        if (!gelf_getphdr(elf, (int)i, &header) || header.p_type != PT_LOAD ||
            header.p_memsz == 0 || header.p_memsz > UINT64_C(1) << 32)
            continue;
        image->part[image->parts++] = (struct image_part){
            .va = header.p_vaddr & ~(PAGE_SIZE - 1),
            .phys = header.p_paddr & ~(PAGE_SIZE - 1),
            .bytes = (header.p_memsz + (header.p_vaddr & (PAGE_SIZE - 1)) + PAGE_SIZE - 1) &
                     ~(PAGE_SIZE - 1),
            .writable = header.p_flags & PF_W,
            .executable = header.p_flags & PF_X,
        };
    }
}

bool image_load(struct judgement *j, struct image *image)
{
    const char *path =
        j->run->kernel_path ? j->run->kernel_path : trace_parameter(j->run->trace, "kernel");
    int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    Elf *elf = NULL;

    image->parts = 0;
    elf_version(EV_CURRENT);
    if (fd >= 0)
        elf = elf_begin(fd, ELF_C_READ, NULL);
    if (elf && elf_kind(elf) == ELF_K_ELF)
        image_read(image, elf);
    elf_end(elf);
    if (fd >= 0)
        close(fd);
    if (image->parts == 0)
        judgement_refuse(j, "The kernel's ELF file cannot be read: %.200s.",
                         path ? path : "the recording does not name it");
    return image->parts > 0;
}

const struct image_part *image_at(const struct image *image, uint64_t phys, uint64_t bytes)
{
    for (unsigned i = 0; i < image->parts; i++) {
        const struct image_part *part = &image->part[i];

        if (phys < part->phys + part->bytes && part->phys < phys + bytes)
            return part;
    }
    return NULL;
}

uint64_t elf_entry(const char *path)
{
    int fd = path && *path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    Elf *elf = NULL;
    GElf_Ehdr header;
    uint64_t entry = 0;

    elf_version(EV_CURRENT);
    if (fd >= 0)
        elf = elf_begin(fd, ELF_C_READ, NULL);
    if (elf && elf_kind(elf) == ELF_K_ELF && gelf_getehdr(elf, &header))
        entry = header.e_entry;
    elf_end(elf);
    if (fd >= 0)
        close(fd);
    return entry;
}
