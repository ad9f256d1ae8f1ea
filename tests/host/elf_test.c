/* ELF files as hostile input. */
#include "sched/elf.h"

#include "arch/layout.h"
#include "check.h"
#include "sim.h"
#include "vm/address_space.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_SIZE = 0x3000 };

/* A program with three segments: text with the headers, data with bss, a stack note. */
static struct image {
    Elf64_Ehdr header;
    Elf64_Phdr phdr[4];
    char rest[FILE_SIZE - sizeof(Elf64_Ehdr) - 4 * sizeof(Elf64_Phdr)];
} image;
_Static_assert(sizeof(image) == FILE_SIZE, "no padding");

static void make_image(uint16_t type)
{
    uint64_t base = type == ET_EXEC ? 0x400000 : 0;

    memset(&image, 0, sizeof(image));
    memcpy(image.header.e_ident, ELFMAG, SELFMAG);
    image.header.e_ident[EI_CLASS] = ELFCLASS64;
    image.header.e_ident[EI_DATA] = ELFDATA2LSB;
    image.header.e_ident[EI_VERSION] = EV_CURRENT;
    image.header.e_type = type;
    image.header.e_machine = EM_X86_64;
    image.header.e_version = EV_CURRENT;
    image.header.e_entry = base + 0x800;
    image.header.e_phoff = sizeof(Elf64_Ehdr);
    image.header.e_ehsize = sizeof(Elf64_Ehdr);
    image.header.e_phentsize = sizeof(Elf64_Phdr);
    image.header.e_phnum = 4;
    image.phdr[0] = (Elf64_Phdr){ PT_LOAD, PF_R | PF_X, 0, base, 0, 0x1000, 0x1000, 0x1000 };
    image.phdr[1] = (Elf64_Phdr){ PT_LOAD, PF_R, 0x1000, base + 0x1000, 0, 0x800, 0x800, 0x1000 };
    image.phdr[2] =
        (Elf64_Phdr){ PT_LOAD, PF_R | PF_W, 0x1800, base + 0x3800, 0, 0x1000, 0x9000, 0x1000 };
    image.phdr[3] = (Elf64_Phdr){ PT_GNU_STACK, PF_R | PF_W | PF_X, 0, 0, 0, 0, 0, 16 };
}

static err_t check_image(struct elf_plan *plan)
{
    const char *why;
    err_t err = elf_check(&image, sizeof(image), USER_MAX, plan, &why);

    if ((err == ERR_OK) == (why != NULL) || (err != ERR_OK && err != ERR_NOEXEC))
        sim_die("result %d, reason %s", (int)err, why ? why : "none");
    return err;
}

/* What elf.h promises of every plan. */
static void check_plan(const struct elf_plan *plan, uint64_t size, vaddr_t limit)
{
    uint64_t end = USER_MIN;
    bool entry = false;

    CHECK(plan->count >= 1 && plan->count <= ELF_SEGMENTS_MAX);
    for (unsigned i = 0; i < plan->count; i++) {
        const struct elf_segment *s = &plan->segment[i];
        uint64_t bytes = s->page_count * PAGE_SIZE;

        CHECK(s->page_count > 0 && s->page_count <= limit >> PAGE_SHIFT);
        CHECK(is_aligned(s->start, PAGE_SIZE) && s->start >= end && s->start + bytes <= limit);
        CHECK(s->file_offset <= size && s->file_size <= size - s->file_offset);
        CHECK(s->data >= s->start && s->data - s->start < PAGE_SIZE);
        CHECK(s->data + s->file_size <= s->start + bytes);
        CHECK((s->flags & ~7u) == 0);
        CHECK((s->flags & (VMA_WRITE | VMA_EXEC)) != (VMA_WRITE | VMA_EXEC));
        entry |= (s->flags & VMA_EXEC) && plan->entry >= s->start && plan->entry < s->start + bytes;
        end = s->start + bytes;
    }
    CHECK_EQ(plan->end, end);
    CHECK(entry);
    CHECK(plan->phdr == 0 || (plan->phdr >= plan->segment[0].start && plan->phdr < end));
}

TEST(elf_accepts_a_program)
{
    struct elf_plan plan;

    make_image(ET_EXEC);
    CHECK_OK(check_image(&plan));
    check_plan(&plan, sizeof(image), USER_MAX);
    CHECK_EQ(plan.count, 3);
    CHECK_EQ(plan.entry, 0x400800);
    CHECK_EQ(plan.phdr, 0x400040);
    CHECK_EQ(plan.phnum, 4);
    CHECK_EQ(plan.segment[0].flags, VMA_READ | VMA_EXEC);
    CHECK_EQ(plan.segment[2].start, 0x403000);
    CHECK_EQ(plan.segment[2].data, 0x403800);
    CHECK_EQ(plan.segment[2].page_count, 10);
    CHECK_EQ(plan.end, 0x40d000);
}

TEST(elf_places_a_static_pie)
{
    struct elf_plan plan;

    make_image(ET_DYN);
    CHECK_OK(check_image(&plan));
    check_plan(&plan, sizeof(image), USER_MAX);
    CHECK_EQ(plan.segment[0].start, ELF_PIE_BASE);
    CHECK_EQ(plan.entry, ELF_PIE_BASE + 0x800);
}

/* Change one field of a good program; it must be refused. */
#define REFUSED(change)                                                                            \
    do {                                                                                           \
        struct elf_plan plan_;                                                                     \
                                                                                                   \
        make_image(ET_EXEC);                                                                       \
        change;                                                                                    \
        CHECK_ERR(check_image(&plan_), ERR_NOEXEC);                                                \
    } while (0)

TEST(elf_refuses_other_files)
{
    REFUSED(image.header.e_ident[0] = 'M');
    REFUSED(image.header.e_ident[EI_CLASS] = ELFCLASS32);
    REFUSED(image.header.e_ident[EI_DATA] = ELFDATA2MSB);
    REFUSED(image.header.e_machine = EM_AARCH64);
    REFUSED(image.header.e_type = ET_REL);
    REFUSED(image.header.e_type = ET_CORE);
    REFUSED(image.phdr[3].p_type = PT_INTERP);
    REFUSED(image.header.e_phentsize = 32);
    REFUSED(image.header.e_phnum = 0);
    REFUSED(image.header.e_phnum = 0xffff);
    REFUSED(image.header.e_phoff = sizeof(image) - 10);
    REFUSED(image.header.e_phoff = UINT64_MAX - 10);
    REFUSED(memset(image.phdr, 0, sizeof(image.phdr)));
}

TEST(elf_refuses_bad_segments)
{
    REFUSED(image.phdr[0].p_flags |= PF_W);
    REFUSED(image.phdr[1].p_filesz = 0x801);
    REFUSED(image.phdr[2].p_offset = 0x2800);
    REFUSED(image.phdr[2].p_offset = UINT64_MAX - 0x7ff);
    REFUSED(image.phdr[2].p_filesz = UINT64_MAX);
    REFUSED(image.phdr[2].p_memsz = UINT64_MAX);
    REFUSED(image.phdr[2].p_memsz = UINT64_C(1) << 47);
    REFUSED(image.phdr[2].p_vaddr = USER_MAX - 0x1800 + 0x1000);
    REFUSED(image.phdr[2].p_vaddr = KERNEL_BASE + 0x800);
    REFUSED(image.phdr[2].p_vaddr = DIRECT_MAP_BASE + 0x800);
    REFUSED(image.phdr[2].p_vaddr = UINT64_MAX - 0x7ff);
    REFUSED(image.phdr[0].p_vaddr = 0; image.header.e_entry = 0x800);
    REFUSED(image.phdr[2].p_vaddr += 8);       /* address and offset disagree */
    REFUSED(image.phdr[2].p_vaddr = 0x401800); /* shares a page with the one before */
    REFUSED(image.phdr[2].p_vaddr = 0x400800); /* overlaps */
    REFUSED(image.phdr[1].p_vaddr = 0x500000); /* not sorted */
    REFUSED(image.header.e_entry = 0x403800);  /* in data */
    REFUSED(image.header.e_entry = 0x10);
    REFUSED(image.header.e_entry = UINT64_MAX);
    REFUSED(image.phdr[0].p_flags = PF_R);
}

TEST(elf_refuses_too_many_segments)
{
    struct elf_plan plan;

    make_image(ET_EXEC);
    image.header.e_phoff = 0x1000;
    image.header.e_phnum = ELF_SEGMENTS_MAX + 1;
    for (unsigned i = 0; i <= ELF_SEGMENTS_MAX; i++) {
        Elf64_Phdr p = { PT_LOAD, PF_R | PF_X, 0, 0x400000 + i * 0x1000, 0, 16, 16, 0x1000 };

        memcpy((char *)&image + 0x1000 + i * sizeof(p), &p, sizeof(p));
    }
    CHECK_ERR(check_image(&plan), ERR_NOEXEC);
    image.header.e_phnum--;
    image.header.e_entry = 0x400000;
    CHECK_OK(check_image(&plan));
}

TEST(elf_survives_truncation)
{
    make_image(ET_EXEC);
    for (size_t size = 0; size < sizeof(image); size += size < 512 ? 1 : 61) {
        char *file = malloc(size ? size : 1);
        struct elf_plan plan;
        const char *why;

        memcpy(file, &image, size);
        if (elf_check(file, size, USER_MAX, &plan, &why) == ERR_OK)
            check_plan(&plan, size, USER_MAX);
        free(file);
    }
}

TEST(elf_fuzz)
{
    static const uint64_t values[] = { 0,          1,          0xfff,    0x1000,
                                       0x7fffffff, UINT64_MAX, USER_MAX, UINT64_C(1) << 63,
                                       0x400000 };
    uint64_t rng = 11;
    unsigned accepted = 0;

    for (unsigned i = 0; i < 100000; i++) {
        struct elf_plan plan;
        uint64_t value;

        make_image(i % 2 ? ET_EXEC : ET_DYN);
        for (uint64_t n = 1 + rng_below(&rng, 3); n > 0; n--) {
            uint64_t at = rng_below(&rng, sizeof(Elf64_Ehdr) + sizeof(image.phdr) - 8);

            if (rng_below(&rng, 2))
                at &= ~UINT64_C(7);
            value =
                rng_below(&rng, 2) ? values[rng_below(&rng, ARRAY_SIZE(values))] : rng_next(&rng);
            memcpy((char *)&image + at, &value, (size_t)1 << rng_below(&rng, 4));
        }
        if (check_image(&plan) == ERR_OK) {
            check_plan(&plan, sizeof(image), USER_MAX);
            accepted++;
        }
    }
    CHECK(accepted > 1000 && accepted < 90000);
}
