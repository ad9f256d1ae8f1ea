#include "code.h"

#include <capstone/capstone.h>
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CODE_SEGMENTS_MAX = 256, INSTRUCTION_MAX = 15 };

/* A piece of a file that is in memory while the machine runs. */
struct segment {
    uint64_t addr, phys, bytes;
    long offset;
    FILE *file;
};

struct code {
    csh capstone;
    unsigned count, files;
    struct segment segment[CODE_SEGMENTS_MAX];
    FILE *file[CODE_SEGMENTS_MAX];
};

struct code *code_new(void)
{
    struct code *code = calloc(1, sizeof(*code));

    if (code && cs_open(CS_ARCH_X86, CS_MODE_64, &code->capstone) != CS_ERR_OK) {
        free(code);
        return NULL;
    }
    return code;
}

void code_free(struct code *code)
{
    if (!code)
        return;
    for (unsigned i = 0; i < code->files; i++)
        fclose(code->file[i]);
    cs_close(&code->capstone);
    free(code);
}

/* The file stays open if it is a 64-bit ELF file for this machine. */
static bool code_open(FILE *file, Elf64_Ehdr *header)
{
    return fread(header, sizeof(*header), 1, file) == 1 &&
           memcmp(header->e_ident, ELFMAG, SELFMAG) == 0 &&
           header->e_ident[EI_CLASS] == ELFCLASS64 && header->e_machine == EM_X86_64 &&
           header->e_phentsize == sizeof(Elf64_Phdr);
}

void code_add(struct code *code, const char *path, uint64_t bias)
{
    FILE *file = code->files < CODE_SEGMENTS_MAX ? fopen(path, "rb") : NULL;
    Elf64_Ehdr header;
    Elf64_Phdr part;

    if (!file)
        return;
    if (!code_open(file, &header)) {
        fclose(file);
        return;
    }
    code->file[code->files++] = file;
    if (header.e_type != ET_DYN)
        bias = 0;
    for (unsigned i = 0; i < header.e_phnum && code->count < CODE_SEGMENTS_MAX; i++) {
        if (fseek(file, (long)(header.e_phoff + i * sizeof(part)), SEEK_SET) != 0 ||
            fread(&part, sizeof(part), 1, file) != 1)
            return;
        if (part.p_type == PT_LOAD && (part.p_flags & PF_X))
            code->segment[code->count++] =
                (struct segment){ part.p_vaddr + bias, part.p_paddr, part.p_filesz,
                                  (long)part.p_offset, file };
    }
}

uint64_t code_linked(const struct code *code, uint64_t addr)
{
    for (unsigned i = 0; i < code->count; i++) {
        const struct segment *s = &code->segment[i];

        if (addr - s->addr < s->bytes)
            return addr;
        if (s->phys != s->addr && addr - s->phys < s->bytes)
            return s->addr + (addr - s->phys);
    }
    return addr;
}

/* The bytes from addr on; 0 if it is in no file. */
static size_t code_read(const struct code *code, uint64_t addr, uint8_t *bytes)
{
    for (unsigned i = 0; i < code->count; i++) {
        const struct segment *s = &code->segment[i];
        uint64_t at = addr - s->addr;

        if (at >= s->bytes || fseek(s->file, s->offset + (long)at, SEEK_SET) != 0)
            continue;
        return fread(bytes, 1, s->bytes - at < INSTRUCTION_MAX ? s->bytes - at : INSTRUCTION_MAX,
                     s->file);
    }
    return 0;
}

const char *code_at(struct code *code, uint64_t addr, char *buf, size_t size)
{
    uint8_t bytes[INSTRUCTION_MAX];
    size_t len = code_read(code, code_linked(code, addr), bytes);
    cs_insn *insn;

    buf[0] = '\0';
    if (len == 0 || cs_disasm(code->capstone, bytes, len, addr, 1, &insn) != 1)
        return buf;
    snprintf(buf, size, "%s%s%s", insn->mnemonic, insn->op_str[0] ? " " : "", insn->op_str);
    cs_free(insn, 1);
    return buf;
}
