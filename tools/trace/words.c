#include "words.h"

#include "event.h"

#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Intel SDM vol. 3A, "Exception and Interrupt Reference". */
static const char *const exceptions[] = {
    "#DE divide error",
    "#DB debug",
    "NMI",
    "#BP breakpoint",
    "#OF overflow",
    "#BR bound range",
    "#UD invalid opcode",
    "#NM no coprocessor",
    "#DF double fault",
    "coprocessor overrun",
    "#TS invalid TSS",
    "#NP segment not present",
    "#SS stack fault",
    "#GP general protection",
    "#PF page fault",
    NULL,
    "#MF x87 error",
    "#AC alignment check",
    "#MC machine check",
    "#XM SIMD error",
    "#VE virtualization",
    "#CP control protection",
};

struct word {
    uint64_t value;
    const char *text;
};

/* Bits, each with its name. */
static const struct word cr0_bits[] = {
    { 1u << 0, "PE" },  { 1u << 1, "MP" },  { 1u << 2, "EM" },  { 1u << 3, "TS" },
    { 1u << 4, "ET" },  { 1u << 5, "NE" },  { 1u << 16, "WP" }, { 1u << 18, "AM" },
    { 1u << 29, "NW" }, { 1u << 30, "CD" }, { CR0_PG, "PG" },
};
static const struct word cr4_bits[] = {
    { 1u << 0, "VME" },      { 1u << 1, "PVI" },         { 1u << 2, "TSD" },
    { 1u << 3, "DE" },       { 1u << 4, "PSE" },         { 1u << 5, "PAE" },
    { 1u << 6, "MCE" },      { 1u << 7, "PGE" },         { 1u << 8, "PCE" },
    { 1u << 9, "OSFXSR" },   { 1u << 10, "OSXMMEXCPT" }, { 1u << 11, "UMIP" },
    { 1u << 12, "LA57" },    { 1u << 16, "FSGSBASE" },   { 1u << 17, "PCIDE" },
    { 1u << 18, "OSXSAVE" }, { 1u << 20, "SMEP" },       { 1u << 21, "SMAP" },
    { 1u << 22, "PKE" },
};
static const struct word efer_bits[] = {
    { 1u << 0, "SCE" },
    { 1u << 8, "LME" },
    { 1u << 10, "LMA" },
    { 1u << 11, "NXE" },
};
static const struct word entry_bits[] = {
    { 1u << 0, "P" }, { 1u << 1, "W" }, { 1u << 2, "U" }, { 1u << 3, "PWT" }, { 1u << 4, "PCD" },
    { 1u << 5, "A" }, { 1u << 6, "D" }, { 1u << 8, "G" }, { ENTRY_NX, "NX" },
};

/* Intel SDM vol. 4, "Model-Specific Registers". */
static const struct word msrs[] = {
    { 0x10, "TSC" },           { 0x1b, "APIC_BASE" },     { 0x174, "SYSENTER_CS" },
    { 0x277, "PAT" },          { 0xc0000080, "EFER" },    { 0xc0000081, "STAR" },
    { 0xc0000082, "LSTAR" },   { 0xc0000083, "CSTAR" },   { 0xc0000084, "FMASK" },
    { 0xc0000100, "FS_BASE" }, { 0xc0000101, "GS_BASE" }, { 0xc0000102, "KERNEL_GS_BASE" },
    { 0xc0000103, "TSC_AUX" },
};

static const struct word ports[] = {
    { 0x20, "PIC 1 command" },  { 0x21, "PIC 1 data" },       { 0x40, "PIT channel 0" },
    { 0x42, "PIT channel 2" },  { 0x43, "PIT command" },      { 0x60, "keyboard data" },
    { 0x61, "system control" }, { 0x64, "keyboard command" }, { 0x70, "CMOS index" },
    { 0x71, "CMOS data" },      { 0x80, "POST code" },        { 0xa0, "PIC 2 command" },
    { 0xa1, "PIC 2 data" },     { 0xe9, "debug console" },    { 0xf4, "QEMU exit" },
    { 0x378, "LPT1 data" },     { 0x379, "LPT1 status" },     { 0x37a, "LPT1 control" },
    { 0x3f8, "COM1 data" },     { 0x3f9, "COM1 interrupts" }, { 0x3fa, "COM1 FIFO" },
    { 0x3fb, "COM1 line" },     { 0x3fc, "COM1 modem" },      { 0xcf8, "PCI address" },
    { 0xcf9, "reset control" }, { 0xcfc, "PCI data" },        { 0x8900, "Bochs shutdown" },
};

static const char *word_find(const struct word *words, size_t count, uint64_t value)
{
    for (size_t i = 0; i < count; i++) {
        if (words[i].value == value)
            return words[i].text;
    }
    return NULL;
}

/* Append the names of all bits that are set. */
static void word_bits(const struct word *words, size_t count, uint64_t value, char *buf)
{
    size_t len = strlen(buf);

    for (size_t i = 0; i < count; i++) {
        if (value & words[i].value)
            len +=
                (size_t)snprintf(buf + len, WORDS_MAX - len, "%s%s", len ? " " : "", words[i].text);
    }
}

const char *words_exception(unsigned vector, char *buf)
{
    if (vector < COUNT(exceptions) && exceptions[vector])
        return exceptions[vector];
    snprintf(buf, WORDS_MAX, "vector %u", vector);
    return buf;
}

static const char *words_page_fault(uint64_t error, char *buf)
{
    const char *what = error & ERROR_I ? "fetch" : error & ERROR_W ? "write" : "read";
    const char *why = "page not present";

    if (error & ERROR_RSVD)
        why = "a reserved bit is set in an entry";
    else if (error & ERROR_PK)
        why = "its protection key forbids it";
    else if (error & ERROR_P)
        why = "page present, its rights forbid it";
    snprintf(buf, WORDS_MAX, "%s from ring %c, %s", what, error & ERROR_U ? '3' : '0', why);
    return buf;
}

/* Intel SDM vol. 3A, "Error Code": EXT, IDT, TI, index. */
static const char *words_selector(uint64_t error, char *buf)
{
    const char *when = error & 1 ? ", while delivering another event" : "";

    if (error == 0)
        snprintf(buf, WORDS_MAX, "no selector");
    else if (error & 2)
        snprintf(buf, WORDS_MAX, "gate %u of the IDT%s", (unsigned)(error >> 3 & 0x1fff), when);
    else
        snprintf(buf, WORDS_MAX, "selector 0x%x of the %s%s", (unsigned)(error & 0xfff8),
                 error & 4 ? "LDT" : "GDT", when);
    return buf;
}

const char *words_error(unsigned vector, uint64_t error, char *buf)
{
    if (vector == VECTOR_PF)
        return words_page_fault(error, buf);
    if (vector >= VECTOR_TS && vector <= VECTOR_GP)
        return words_selector(error, buf);
    return "";
}

const char *words_entry_name(unsigned level)
{
    static const char *const names[] = { "?", "PTE", "PDE", "PDPTE", "PML4E" };

    return names[level < COUNT(names) ? level : 0];
}

const char *words_table_name(unsigned level)
{
    static const char *const names[] = { "?", "PT", "PD", "PDPT", "PML4" };

    return names[level < COUNT(names) ? level : 0];
}

/* What an entry points to; bit 7 means a large page in a PDE and PDPTE, PAT in a PTE. */
static void words_target(unsigned level, uint64_t value, char *buf, size_t size)
{
    uint64_t addr = value & ENTRY_ADDR;

    if (level == 1)
        snprintf(buf, size, "frame 0x%lx,", addr);
    else if ((value & ENTRY_PS) && level < 4)
        snprintf(buf, size, "%s page at 0x%lx,", level == 2 ? "2 MiB" : "1 GiB",
                 addr & ~((UINT64_C(1) << (3 + 9 * level)) - 1));
    else
        snprintf(buf, size, "%s 0x%lx,", words_table_name(level - 1), addr);
}

const char *words_entry(unsigned level, uint64_t value, char *buf)
{
    char target[64];

    if (value == 0)
        return "empty";
    if (!(value & ENTRY_P)) {
        snprintf(buf, WORDS_MAX, "0x%lx = not present", value);
        return buf;
    }
    if (level < 1 || level > 4)
        level = 1;
    words_target(level, value, target, sizeof(target));
    snprintf(buf, WORDS_MAX, "0x%lx = %s", value, target);
    word_bits(entry_bits, COUNT(entry_bits), value, buf);
    return buf;
}

const char *words_bits(unsigned which, uint64_t value, char *buf)
{
    buf[0] = '\0';
    if (which == WORDS_CR0)
        word_bits(cr0_bits, COUNT(cr0_bits), value, buf);
    else if (which == WORDS_CR4)
        word_bits(cr4_bits, COUNT(cr4_bits), value, buf);
    else
        word_bits(efer_bits, COUNT(efer_bits), value, buf);
    return buf;
}

const char *words_msr(uint32_t msr, char *buf)
{
    const char *name = word_find(msrs, COUNT(msrs), msr);

    if (name)
        return name;
    snprintf(buf, WORDS_MAX, "MSR 0x%x", msr);
    return buf;
}

const char *words_port(uint32_t port, char *buf)
{
    const char *name = word_find(ports, COUNT(ports), port);

    if (name)
        return name;
    snprintf(buf, WORDS_MAX, "port 0x%x", port);
    return buf;
}

#define WORD_OF(names, value) ((value) < COUNT(names) && (names)[value] ? (names)[value] : "?")

const char *words_transfer(uint32_t transfer)
{
    static const char *const names[] = {
        NULL, "SYSCALL", "SYSRET", "IRETQ", "INT n", "far transfer"
    };

    return WORD_OF(names, transfer);
}

const char *words_access(uint32_t access)
{
    static const char *const names[] = { "read", "write", "fetch" };

    return WORD_OF(names, access);
}

const char *words_window(uint32_t window)
{
    static const char *const names[] = {
        NULL,
        "the kernel returned to ring 3",
        "the frame got another use",
        "the table was dropped",
    };

    return WORD_OF(names, window);
}

const char *words_end(uint32_t end)
{
    static const char *const names[] = {
        NULL,
        "the guest shut the machine down",
        "the CPU halted with interrupts off",
        "tick limit",
        "event limit",
        "the machine was reset",
        "triple fault",
        "stopped from outside",
    };

    return WORD_OF(names, end);
}

const char *words_witness(uint32_t witness)
{
    static const char *const names[] = {
        "genuine",
        "the code is not that of the program's file",
        "not called in ring 3",
    };

    return WORD_OF(names, witness);
}
