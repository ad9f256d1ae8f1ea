#include "machine.h"

static uint64_t idt[256][2];

static struct [[gnu::packed]] {
    uint32_t unused;
    uint64_t rsp[3];
    uint8_t rest[76];
} tss;

void idt_load(void (*target)(void))
{
    uint64_t to = (uintptr_t)target;

    for (unsigned i = 0; i < 256; i++) {
        /* Present, interrupt gate (SDM vol. 3A, "64-Bit Mode IDT"). */
        idt[i][0] =
            (to & 0xffff) | KERNEL_CODE << 16 | UINT64_C(0x8e00) << 32 | (to >> 16 & 0xffff) << 48;
        idt[i][1] = to >> 32;
    }
    __asm__ volatile("lidt %0" ::"m"((struct table_pointer){ sizeof(idt) - 1, (uintptr_t)idt }));
}

void tss_load(uint64_t rsp0)
{
    uint64_t base = (uintptr_t)&tss;

    tss.rsp[0] = rsp0;
    boot_gdt[TSS / 8] = (sizeof(tss) - 1) | (base & 0xffffff) << 16 | UINT64_C(0x89) << 40 |
                        (base >> 24 & 0xff) << 56;
    boot_gdt[TSS / 8 + 1] = base >> 32;
    __asm__ volatile("ltr %w0" ::"r"(TSS));
}
