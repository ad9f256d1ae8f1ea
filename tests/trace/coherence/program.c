/*
 * A kernel that forges: the module is a program with lab functions, which it
 * loads at its own addresses, all identity-mapped, and does not run. What the
 * recorder must say of each case is in witness_kernel.sh.
 */
#include "cases.h"

#include <elf.h>

enum { PAGE = 4096, BIG_PAGE = 2 << 20 };

const uint8_t *boot_module;

static void copy(uint64_t to, const void *from, uint64_t len)
{
    asm volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(len) : : "memory");
}

static bool same(const char *a, const char *b)
{
    while (*a && *a == *b) {
        a++;
        b++;
    }
    return *a == *b;
}

/* Load the segments; tell where the code lies. */
static void load(uint64_t *code, uint64_t *code_end)
{
    const Elf64_Ehdr *elf = (const void *)boot_module;
    const Elf64_Phdr *segment = (const void *)(boot_module + elf->e_phoff);

    for (unsigned i = 0; i < elf->e_phnum; i++) {
        if (segment[i].p_type != PT_LOAD)
            continue;
        copy(segment[i].p_vaddr, boot_module + segment[i].p_offset, segment[i].p_filesz);
        if (segment[i].p_flags & PF_X) {
            *code = segment[i].p_vaddr;
            *code_end = *code + segment[i].p_filesz;
        }
    }
}

static uint64_t find(const char *name)
{
    const Elf64_Ehdr *elf = (const void *)boot_module;
    const Elf64_Shdr *section = (const void *)(boot_module + elf->e_shoff);

    for (unsigned i = 0; i < elf->e_shnum; i++) {
        const Elf64_Sym *symbol = (const void *)(boot_module + section[i].sh_offset);
        const char *names = (const char *)boot_module + section[section[i].sh_link].sh_offset;

        if (section[i].sh_type != SHT_SYMTAB)
            continue;
        for (unsigned n = 0; n < section[i].sh_size / sizeof(*symbol); n++)
            if (same(names + symbol[n].st_name, name))
                return symbol[n].st_value;
    }
    return 0;
}

/* The first CALL of a function in the code. */
static uint64_t find_call(uint64_t code, uint64_t end, uint64_t function)
{
    for (uint64_t at = code; at + 5 < end; at++) {
        int32_t distance;

        copy((uint64_t)&distance, (void *)(at + 1), sizeof(distance));
        if (*(uint8_t *)at == 0xe8 && at + 5 + (uint64_t)(int64_t)distance == function)
            return at;
    }
    return 0;
}

static uint64_t load_and_find_call(uint64_t *code_end)
{
    uint64_t code = 0;

    load(&code, code_end);
    return find_call(code, *code_end, find("lab_witness"));
}

/* In ring 0: witness, and what a challenge gives. */
void case_lab_ring_0(void)
{
    uint64_t end;

    load_and_find_call(&end);
    ((void (*)(uint64_t, uint64_t))find("lab_witness"))(
        1, ((uint64_t(*)(uint64_t))find("lab_challenge"))(5));
}

/* In ring 3, right to the CALL: the code is the program's, and so the event is genuine. */
void case_lab_jump(void)
{
    uint64_t end, call = load_and_find_call(&end);

    user_run((void (*)(void))call, 2);
}

/* One byte of the code, the last, is another. */
void case_lab_forged(void)
{
    uint64_t end, call = load_and_find_call(&end);

    *(volatile uint8_t *)(end - 1) ^= 1;
    user_run((void (*)(void))call, 3);
}

/* The page of the CALL is a forged one while it is cached, and the program's in the tables. */
static void lab_stale(bool flush)
{
    uint64_t end, call = load_and_find_call(&end), page = call & ~(uint64_t)(PAGE - 1);
    uint64_t start = page & ~(uint64_t)(BIG_PAGE - 1);
    uint64_t *entry = &other_pt[page / PAGE % 512];

    copy(A, (void *)page, PAGE);
    *(volatile uint16_t *)A = USER_CODE;
    for (unsigned i = 0; i < 512; i++)
        set(&other_pt[i], (start + i * (uint64_t)PAGE) | P | W | U);
    set(entry, A | P | W | U);
    set(&pd[start / BIG_PAGE], (uint64_t)other_pt | P | W | U);
    invlpg(page);
    user_run((void (*)(void))page, 0);
    set(entry, page | P | W | U);
    if (flush)
        invlpg(page);
    user_run((void (*)(void))call, 4);
}

void case_lab_stale(void)
{
    lab_stale(false);
}

void case_lab_flushed(void)
{
    lab_stale(true);
}
