/*
 * GDT, TSS and IDT; see segments.h. In 64-bit mode segments no longer limit
 * anything: what counts is the code segment's L bit and its ring.
 */
#include "arch/segments.h"

#include "arch/cpu.h"
#include "arch/percpu.h"
#include "arch/trap_frame.h"
#include "lib/panic.h"

/* SDM vol. 3A, "64-Bit TSS". */
struct [[gnu::packed]] tss {
    uint32_t reserved0;
    uint64_t rsp[3]; /* stack on entry to ring 0, 1, 2 */
    uint64_t reserved1;
    uint64_t ist[7]; /* IST n is ist[n - 1] */
    uint64_t reserved2;
    uint16_t reserved3;
    uint16_t io_map; /* offset of the I/O bitmap; past the limit: none */
};
_Static_assert(sizeof(struct tss) == 104, "SDM vol. 3A, 64-Bit TSS");

/* SDM vol. 3A, "64-Bit IDT Gate Descriptors". */
struct idt_gate {
    uint16_t offset_low;
    uint16_t selector;
    uint8_t ist;
    uint8_t type; /* present, ring, kind */
    uint16_t offset_middle;
    uint32_t offset_high;
    uint32_t reserved;
};
_Static_assert(sizeof(struct idt_gate) == 16, "SDM vol. 3A, 64-Bit IDT Gate Descriptors");

enum { GATE_PRESENT = 0x80, GATE_INTERRUPT = 0x0e, TSS_AVAILABLE = 0x89, IST_STACK_SIZE = 4096 };

/* SDM vol. 3A, "Segment Descriptors": present, code or data, ring 0 or 3, L bit in code. */
#define GDT_KERNEL_CODE UINT64_C(0x00209b0000000000)
#define GDT_KERNEL_DATA UINT64_C(0x0000930000000000)
#define GDT_USER_DATA   UINT64_C(0x0000f30000000000)
#define GDT_USER_CODE   UINT64_C(0x0020fb0000000000)

static struct cpu boot_cpu;
static struct tss tss;
static struct idt_gate idt[256];
static uint64_t gdt[] = {
    [SEL_KERNEL_CODE / 8] = GDT_KERNEL_CODE,
    [SEL_KERNEL_DATA / 8] = GDT_KERNEL_DATA,
    [SEL_USER_DATA / 8] = GDT_USER_DATA,
    [SEL_USER_CODE / 8] = GDT_USER_CODE,
    [SEL_TSS / 8] = 0, /* two words, set below */
    [SEL_TSS / 8 + 1] = 0,
};

/* Until the memory layers can give stacks with guards (cpu_set_ist). */
static _Alignas(16) char ist_stack[3][IST_STACK_SIZE];

/* SDM vol. 3A, "TSS Descriptor in 64-bit mode". */
static void gdt_set_tss(const struct tss *t)
{
    uint64_t base = (uint64_t)t;

    gdt[SEL_TSS / 8] = (sizeof(*t) - 1) | (base & 0xffffff) << 16 | (uint64_t)TSS_AVAILABLE << 40 |
                       (base >> 24 & 0xff) << 56;
    gdt[SEL_TSS / 8 + 1] = base >> 32;
}

void cpu_init(void)
{
    struct table_pointer pointer = { sizeof(gdt) - 1, (uint64_t)gdt };

    boot_cpu.self = &boot_cpu;
    cpu_write_msr(MSR_GS_BASE, (uint64_t)&boot_cpu);
    cpu_write_msr(MSR_KERNEL_GS_BASE, 0);
    tss.io_map = sizeof(tss);
    for (unsigned i = 0; i < ARRAY_SIZE(ist_stack); i++)
        cpu_set_ist(IST_DOUBLE_FAULT + i, ist_stack[i] + IST_STACK_SIZE);
    gdt_set_tss(&tss);
    cpu_load_gdt(&pointer);
    cpu_load_tr(SEL_TSS);
}

void cpu_set_kernel_stack(void *top)
{
    tss.rsp[0] = (uint64_t)top;
    cpu_this()->kernel_rsp = (uint64_t)top;
}

void cpu_set_ist(enum ist ist, void *top)
{
    KASSERT(ist != IST_NONE && is_aligned((uint64_t)top, 16));
    tss.ist[ist - 1] = (uint64_t)top;
}

void idt_set(unsigned vector, void (*entry)(void), enum ist ist, unsigned ring)
{
    uint64_t offset = (uint64_t)entry;

    KASSERT(vector < ARRAY_SIZE(idt) && ring <= 3);
    idt[vector] = (struct idt_gate){
        .offset_low = offset & 0xffff,
        .selector = SEL_KERNEL_CODE,
        .ist = ist,
        .type = GATE_PRESENT | ring << 5 | GATE_INTERRUPT,
        .offset_middle = offset >> 16 & 0xffff,
        .offset_high = offset >> 32,
    };
}

void idt_load(void)
{
    struct table_pointer pointer = { sizeof(idt) - 1, (uint64_t)idt };

    cpu_load_idt(&pointer);
}
