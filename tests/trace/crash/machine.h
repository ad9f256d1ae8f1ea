/*
 * The little machine of the crash kernels: what start.S has built, and the
 * instructions that C lacks.
 */
#pragma once

#include <stdint.h>

enum { KERNEL_CODE = 0x08, USER_DATA = 0x1b, USER_CODE = 0x23, TSS = 0x28 };

struct [[gnu::packed]] table_pointer {
    uint16_t limit;
    uint64_t base;
};

extern uint64_t boot_gdt[7];
extern uint64_t boot_pml4[512], boot_pdpt[512], boot_pd[512], boot_pt[512];
extern char boot_guard[4096], boot_stack_top[];
void give_up(void);
void return_unmended(void);
void return_from_irq(void);
extern const char user_code[4096]; /* a page that executes UD2 */

/* Load an IDT all of whose gates lead to one place. */
void idt_load(void (*target)(void));

/* Put a TSS with this stack for ring 0 into the GDT and load it. */
void tss_load(uint64_t rsp0);

/* The entry for a page among the first 512. */
static inline uint64_t *pte_of(const void *page)
{
    return &boot_pt[(uintptr_t)page >> 12];
}

static inline void invlpg(const void *page)
{
    __asm__ volatile("invlpg %0" ::"m"(*(const char *)page) : "memory");
}

static inline void out8(uint16_t port, uint8_t value)
{
    __asm__ volatile("outb %0, %1" ::"a"(value), "Nd"(port));
}

/* Through volatile: compilers know that these are wrong. */
static inline void poke(uintptr_t addr)
{
    volatile uint64_t *volatile p = (volatile uint64_t *)addr;

    *p = 1;
}

static inline void jump(uintptr_t addr)
{
    void (*volatile function)(void) = (void (*)(void))addr;

    function();
}
