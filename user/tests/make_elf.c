/*
 * Writes hostile ELF files into a directory, for hostile_exec: each is the
 * good program below with one thing wrong. Runs on the host.
 *
 *     0      ELF header, two program headers
 *     0x1000 text: exit(7)          loaded at TEXT, read and execute
 *     0x2000 data                   loaded at DATA, read and write
 */
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { TEXT = 0x400000, DATA = 0x402000, IMAGE_SIZE = 0x2100 };

struct image {
    union {
        struct {
            Elf64_Ehdr header;
            Elf64_Phdr segment[3];
        };
        unsigned char bytes[IMAGE_SIZE];
    };
    size_t size; /* of the file */
};

static const unsigned char exit_seven[] = { 0xbf, 7,    0,    0,   0, /* mov edi, 7 */
                                            0xb8, 60,   0,    0,   0, /* mov eax, 60 */
                                            0x0f, 0x05, 0x0f, 0x0b }; /* syscall; ud2 */

static void image_init(struct image *image)
{
    memset(image, 0, sizeof(*image));
    memcpy(image->header.e_ident, ELFMAG, SELFMAG);
    image->header.e_ident[EI_CLASS] = ELFCLASS64;
    image->header.e_ident[EI_DATA] = ELFDATA2LSB;
    image->header.e_ident[EI_VERSION] = EV_CURRENT;
    image->header.e_type = ET_EXEC;
    image->header.e_machine = EM_X86_64;
    image->header.e_version = EV_CURRENT;
    image->header.e_entry = TEXT;
    image->header.e_phoff = sizeof(Elf64_Ehdr);
    image->header.e_ehsize = sizeof(Elf64_Ehdr);
    image->header.e_phentsize = sizeof(Elf64_Phdr);
    image->header.e_phnum = 2;
    image->segment[0] = (Elf64_Phdr){ .p_type = PT_LOAD,
                                      .p_flags = PF_R | PF_X,
                                      .p_offset = 0x1000,
                                      .p_vaddr = TEXT,
                                      .p_filesz = sizeof(exit_seven),
                                      .p_memsz = sizeof(exit_seven),
                                      .p_align = 0x1000 };
    image->segment[1] = (Elf64_Phdr){ .p_type = PT_LOAD,
                                      .p_flags = PF_R | PF_W,
                                      .p_offset = 0x2000,
                                      .p_vaddr = DATA,
                                      .p_filesz = 0x100,
                                      .p_memsz = 0x3000,
                                      .p_align = 0x1000 };
    memcpy(image->bytes + 0x1000, exit_seven, sizeof(exit_seven));
    image->size = IMAGE_SIZE;
}

/* What is wrong with each file. The name of the file is that of the function. */
#define WRONG(name, ...)                                                                           \
    static void name(struct image *image)                                                          \
    {                                                                                              \
        Elf64_Ehdr *h = &image->header;                                                            \
        Elf64_Phdr *text = &image->segment[0], *data = &image->segment[1];                         \
                                                                                                   \
        (void)h, (void)text, (void)data;                                                           \
        __VA_ARGS__;                                                                               \
    }

WRONG(good, )
WRONG(empty, image->size = 0)
WRONG(one_byte, image->size = 1)
WRONG(half_header, image->size = 40)
WRONG(header_only, image->size = sizeof(Elf64_Ehdr))
WRONG(half_program_headers, image->size = sizeof(Elf64_Ehdr) + 70)
WRONG(truncated_text, image->size = 0x1004)
WRONG(truncated_data, image->size = 0x2080)
WRONG(magic, h->e_ident[0] = 0x7e)
WRONG(class_32, h->e_ident[EI_CLASS] = ELFCLASS32)
WRONG(machine_i386, h->e_machine = EM_386)
WRONG(machine_arm, h->e_machine = EM_AARCH64)
WRONG(type_object, h->e_type = ET_REL)
WRONG(type_core, h->e_type = ET_CORE)
WRONG(phentsize_small, h->e_phentsize = 32)
WRONG(phentsize_large, h->e_phentsize = 64)
WRONG(phentsize_zero, h->e_phentsize = 0)
WRONG(no_segments, h->e_phnum = 0)
WRONG(too_many_segments, h->e_phnum = 0xffff)
WRONG(phoff_beyond, h->e_phoff = 0x100000)
WRONG(phoff_wraps, h->e_phoff = (Elf64_Off)-64)
WRONG(nothing_to_load, text->p_type = data->p_type = PT_NOTE)
WRONG(offset_beyond, text->p_offset = 0x10000000)
WRONG(offset_wraps, data->p_offset = (Elf64_Off)-0x1000)
WRONG(filesz_huge, data->p_filesz = data->p_memsz = (Elf64_Xword)1 << 62)
WRONG(filesz_above_memsz, data->p_memsz = 0x80)
WRONG(memsz_huge, data->p_memsz = (Elf64_Xword)1 << 47)
WRONG(memsz_wraps, data->p_memsz = (Elf64_Xword)-DATA)
WRONG(vaddr_kernel, data->p_vaddr = 0xffffffff80000000)
WRONG(vaddr_direct_map, text->p_vaddr = 0xffff800000100000)
WRONG(vaddr_noncanonical, data->p_vaddr = 0x1000000000000000)
WRONG(vaddr_top, data->p_vaddr = 0x7ffffffff000)
WRONG(vaddr_across_the_end, data->p_vaddr = 0x7fffffffe000)
WRONG(not_congruent, data->p_offset = 0x2010)
WRONG(overlap, data->p_vaddr = TEXT)
WRONG(overlap_by_memsz, text->p_memsz = 0x3000)
WRONG(write_and_execute, text->p_flags |= PF_W)
WRONG(write_and_execute_data, data->p_flags |= PF_X)
WRONG(interpreter, h->e_phnum = 3; image->segment[2] = image->segment[1];
      image->segment[1] = (Elf64_Phdr){ .p_type = PT_INTERP,
                                        .p_flags = PF_R,
                                        .p_offset = 0x2000,
                                        .p_filesz = 12,
                                        .p_memsz = 12,
                                        .p_align = 1 };
      strcpy((char *)image->bytes + 0x2000, "/lib/ld.so.1"))
WRONG(entry_nowhere, h->e_entry = 0x500000)
WRONG(entry_kernel, h->e_entry = 0xffffffff80100000)
WRONG(entry_noncanonical, h->e_entry = 0x8000000000000000)
WRONG(entry_data, h->e_entry = DATA)

#define ENTRY(name)                                                                                \
    {                                                                                              \
#name, name                                                                                \
    }

static const struct {
    const char *name;
    void (*spoil)(struct image *);
} files[] = {
    ENTRY(good),
    ENTRY(empty),
    ENTRY(one_byte),
    ENTRY(half_header),
    ENTRY(header_only),
    ENTRY(half_program_headers),
    ENTRY(truncated_text),
    ENTRY(truncated_data),
    ENTRY(magic),
    ENTRY(class_32),
    ENTRY(machine_i386),
    ENTRY(machine_arm),
    ENTRY(type_object),
    ENTRY(type_core),
    ENTRY(phentsize_small),
    ENTRY(phentsize_large),
    ENTRY(phentsize_zero),
    ENTRY(no_segments),
    ENTRY(too_many_segments),
    ENTRY(phoff_beyond),
    ENTRY(phoff_wraps),
    ENTRY(nothing_to_load),
    ENTRY(offset_beyond),
    ENTRY(offset_wraps),
    ENTRY(filesz_huge),
    ENTRY(filesz_above_memsz),
    ENTRY(memsz_huge),
    ENTRY(memsz_wraps),
    ENTRY(vaddr_kernel),
    ENTRY(vaddr_direct_map),
    ENTRY(vaddr_noncanonical),
    ENTRY(vaddr_top),
    ENTRY(vaddr_across_the_end),
    ENTRY(not_congruent),
    ENTRY(overlap),
    ENTRY(overlap_by_memsz),
    ENTRY(write_and_execute),
    ENTRY(write_and_execute_data),
    ENTRY(interpreter),
    ENTRY(entry_nowhere),
    ENTRY(entry_kernel),
    ENTRY(entry_noncanonical),
    ENTRY(entry_data),
};

static int file_write(const char *directory, size_t number)
{
    static struct image image;
    char path[4096];

    image_init(&image);
    files[number].spoil(&image);
    snprintf(path, sizeof(path), "%s/%s", directory, files[number].name);
    FILE *file = fopen(path, "wb");

    if (!file || fwrite(image.bytes, 1, image.size, file) != image.size || fclose(file) != 0 ||
        chmod(path, 0755) != 0) {
        perror(path);
        return 1;
    }
    return 0;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: make_elf DIRECTORY\n");
        return 2;
    }
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        if (file_write(argv[1], i) != 0)
            return 1;
        puts(files[i].name);
    }
    return 0;
}
