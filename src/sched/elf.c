/* Checking ELF files: see elf.h. */
#include "sched/elf.h"

#include "arch/layout.h"
#include "lib/string.h"
#include "vm/address_space.h"

enum { ET_EXEC = 2, ET_DYN = 3, EM_X86_64 = 62, EV_CURRENT = 1 };
enum { PT_LOAD = 1, PT_INTERP = 3 };
enum { PF_X = 1, PF_W = 2, PF_R = 4 };

struct elf_header {
    uint8_t ident[16];
    uint16_t type, machine;
    uint32_t version;
    uint64_t entry, phoff, shoff;
    uint32_t flags;
    uint16_t ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
};
_Static_assert(sizeof(struct elf_header) == 64, "ELF-64, \"ELF Header\"");

struct elf_phdr {
    uint32_t type, flags;
    uint64_t offset, vaddr, paddr, filesz, memsz, align;
};
_Static_assert(sizeof(struct elf_phdr) == ELF_PHDR_SIZE, "ELF-64, \"Program Header\"");

/* A file under examination. */
struct elf_file {
    const uint8_t *bytes;
    uint64_t size;
    struct elf_header header;
    vaddr_t base;  /* added to all addresses */
    vaddr_t limit; /* exclusive end of all segments */
};

/* Each of these checks returns null, or what is wrong. */

static const char *elf_check_header(const struct elf_file *f)
{
    static const uint8_t magic[] = {
        0x7f, 'E', 'L', 'F', 2 /* 64 bits */, 1 /* little-endian */, EV_CURRENT
    };
    const struct elf_header *h = &f->header;

    if (f->size < sizeof(*h))
        return "it is shorter than an ELF header";
    if (memcmp(h->ident, magic, 4) != 0)
        return "it is no ELF file";
    if (memcmp(h->ident, magic, sizeof(magic)) != 0 || h->machine != EM_X86_64)
        return "it is not for x86-64";
    if (h->type != ET_EXEC && h->type != ET_DYN)
        return "it is no program (an object file or a core dump?)";
    if (h->phentsize != sizeof(struct elf_phdr) || h->phnum == 0)
        return "its program headers have the wrong size";
    if (h->phoff > f->size || h->phnum > (f->size - h->phoff) / sizeof(struct elf_phdr))
        return "its program headers lie outside of the file";
    return NULL;
}

static const char *elf_check_range(const struct elf_file *f, const struct elf_phdr *p)
{
    uint64_t room = f->limit - f->base;

    if (p->filesz > p->memsz)
        return "a segment has more bytes in the file than in memory";
    if (p->offset > f->size || p->filesz > f->size - p->offset)
        return "a segment lies outside of the file";
    if (p->vaddr > room || p->memsz > room - p->vaddr || f->base + p->vaddr < USER_MIN)
        return "a segment lies outside of user memory";
    if (!is_aligned(p->vaddr - p->offset, PAGE_SIZE))
        return "a segment's address and offset do not agree within a page";
    if ((p->flags & PF_W) && (p->flags & PF_X))
        return "a segment is both writable and executable";
    return NULL;
}

static unsigned elf_rights(uint32_t flags)
{
    unsigned rights = 0;

    rights |= flags & PF_R ? VMA_READ : 0;
    rights |= flags & PF_W ? VMA_READ | VMA_WRITE : 0;
    rights |= flags & PF_X ? VMA_READ | VMA_EXEC : 0;
    return rights;
}

static const char *elf_add_segment(const struct elf_file *f, const struct elf_phdr *p,
                                   struct elf_plan *plan)
{
    struct elf_segment *s = &plan->segment[plan->count];
    const char *why = elf_check_range(f, p);

    if (why)
        return why;
    if (p->memsz == 0)
        return NULL;
    if (plan->count == ELF_SEGMENTS_MAX)
        return "it has too many segments";
    s->data = f->base + p->vaddr;
    s->start = align_down(s->data, PAGE_SIZE);
    s->page_count = (align_up(s->data + p->memsz, PAGE_SIZE) - s->start) / PAGE_SIZE;
    s->file_offset = p->offset;
    s->file_size = p->filesz;
    s->flags = elf_rights(p->flags);
    if (s->start < plan->end)
        return "segments overlap, share a page or are not sorted";
    plan->end = s->start + s->page_count * PAGE_SIZE;
    plan->count++;
    return NULL;
}

static const char *elf_read_segments(const struct elf_file *f, struct elf_plan *plan)
{
    struct elf_phdr p;
    const char *why = NULL;

    for (unsigned i = 0; i < f->header.phnum && !why; i++) {
        memcpy(&p, f->bytes + f->header.phoff + i * sizeof(p), sizeof(p));
        if (p.type == PT_INTERP)
            why = "it is dynamically linked: link it with -static";
        else if (p.type == PT_LOAD)
            why = elf_add_segment(f, &p, plan);
    }
    return why;
}

/* Find where the program headers and the entry ended up in memory. */
static const char *elf_find_entry(const struct elf_file *f, struct elf_plan *plan)
{
    uint64_t phoff = f->header.phoff, phsize = f->header.phnum * sizeof(struct elf_phdr);
    bool entry_ok = false;

    plan->phnum = f->header.phnum;
    plan->entry = f->base + f->header.entry;
    for (unsigned i = 0; i < plan->count; i++) {
        const struct elf_segment *s = &plan->segment[i];

        if (phoff >= s->file_offset && phoff + phsize <= s->file_offset + s->file_size)
            plan->phdr = s->data + (phoff - s->file_offset);
        if ((s->flags & VMA_EXEC) && plan->entry >= s->start &&
            plan->entry - s->start < s->page_count * PAGE_SIZE)
            entry_ok = true;
    }
    return entry_ok ? NULL : "its entry point is in no executable segment";
}

err_t elf_check(const void *file, uint64_t size, vaddr_t limit, struct elf_plan *plan,
                const char **why)
{
    struct elf_file f = { .bytes = file, .size = size, .limit = limit };

    memset(plan, 0, sizeof(*plan));
    memcpy(&f.header, file, min_u64(size, sizeof(f.header)));
    *why = elf_check_header(&f);
    if (!*why && f.header.type == ET_DYN)
        f.base = ELF_PIE_BASE;
    if (!*why)
        *why = elf_read_segments(&f, plan);
    if (!*why)
        *why = elf_find_entry(&f, plan);
    return *why ? ERR_NOEXEC : ERR_OK;
}
