/*
 * The CPU's instructions that C has no words for: one instruction each.
 * Nothing here decides anything; see the callers for why.
 */
#pragma once

#include "arch/asm_constants.h" /* MSR_GS_BASE */
#include "lib/types.h"

/* Model-specific registers (Intel SDM vol. 4, "Architectural MSRs"). */
enum {
    MSR_EFER = 0xc0000080,
    MSR_STAR = 0xc0000081,  /* selectors for SYSCALL and SYSRET */
    MSR_LSTAR = 0xc0000082, /* where SYSCALL goes */
    MSR_FMASK = 0xc0000084, /* flags that SYSCALL clears */
    MSR_FS_BASE = 0xc0000100,
    MSR_KERNEL_GS_BASE = 0xc0000102, /* what SWAPGS exchanges with GS_BASE */
};

/* SDM vol. 3A, "Control Registers", and "Extended Feature Enable Register". */
#define CR0_MP         UINT64_C(0x2)
#define CR0_EM         UINT64_C(0x4)
#define CR0_TS         UINT64_C(0x8)
#define CR0_NE         UINT64_C(0x20)
#define CR0_WP         UINT64_C(0x10000)
#define CR0_AM         UINT64_C(0x40000)
#define CR4_PGE        UINT64_C(0x80)
#define CR4_OSFXSR     UINT64_C(0x200)
#define CR4_OSXMMEXCPT UINT64_C(0x400)
#define CR4_UMIP       UINT64_C(0x800)
#define CR4_SMEP       UINT64_C(0x100000)
#define CR4_SMAP       UINT64_C(0x200000)
#define EFER_SCE       UINT64_C(0x1)
#define EFER_NXE       UINT64_C(0x800)

/* SDM vol. 1, "EFLAGS Register". */
#define RFLAGS_FIXED UINT64_C(0x2) /* always set */
#define RFLAGS_TF    UINT64_C(0x100)
#define RFLAGS_IF    UINT64_C(0x200)
#define RFLAGS_DF    UINT64_C(0x400)
#define RFLAGS_IOPL  UINT64_C(0x3000)
#define RFLAGS_NT    UINT64_C(0x4000)
#define RFLAGS_AC    UINT64_C(0x40000)

static inline void cpu_out8(uint16_t port, uint8_t value)
{
    asm volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static inline uint8_t cpu_in8(uint16_t port)
{
    uint8_t value;

    asm volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static inline void cpu_out16(uint16_t port, uint16_t value)
{
    asm volatile("outw %0, %1" : : "a"(value), "Nd"(port));
}

static inline uint16_t cpu_in16(uint16_t port)
{
    uint16_t value;

    asm volatile("inw %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static inline void cpu_out32(uint16_t port, uint32_t value)
{
    asm volatile("outl %0, %1" : : "a"(value), "Nd"(port));
}

static inline uint32_t cpu_in32(uint16_t port)
{
    uint32_t value;

    asm volatile("inl %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static inline uint64_t cpu_read_msr(uint32_t msr)
{
    uint32_t low, high;

    asm volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr));
    return (uint64_t)high << 32 | low;
}

static inline void cpu_write_msr(uint32_t msr, uint64_t value)
{
    asm volatile("wrmsr"
                 :
                 : "c"(msr), "a"((uint32_t)value), "d"((uint32_t)(value >> 32))
                 : "memory");
}

static inline uint64_t cpu_read_cr0(void)
{
    uint64_t value;

    asm volatile("mov %%cr0, %0" : "=r"(value));
    return value;
}

static inline void cpu_write_cr0(uint64_t value)
{
    asm volatile("mov %0, %%cr0" : : "r"(value) : "memory");
}

/* The address of the last page fault. */
static inline uint64_t cpu_read_cr2(void)
{
    uint64_t value;

    asm volatile("mov %%cr2, %0" : "=r"(value));
    return value;
}

static inline uint64_t cpu_read_cr3(void)
{
    uint64_t value;

    asm volatile("mov %%cr3, %0" : "=r"(value) : : "memory");
    return value;
}

static inline void cpu_write_cr3(uint64_t value)
{
    asm volatile("mov %0, %%cr3" : : "r"(value) : "memory");
}

static inline uint64_t cpu_read_cr4(void)
{
    uint64_t value;

    asm volatile("mov %%cr4, %0" : "=r"(value));
    return value;
}

static inline void cpu_write_cr4(uint64_t value)
{
    asm volatile("mov %0, %%cr4" : : "r"(value) : "memory");
}

static inline void cpu_invlpg(uint64_t va)
{
    asm volatile("invlpg (%0)" : : "r"(va) : "memory");
}

static inline uint64_t cpu_read_flags(void)
{
    uint64_t flags;

    asm volatile("pushfq; popq %0" : "=r"(flags) : : "memory");
    return flags;
}

static inline bool cpu_interrupts_on(void)
{
    return cpu_read_flags() & RFLAGS_IF;
}

static inline void cpu_disable_interrupts(void)
{
    asm volatile("cli" : : : "memory");
}

static inline void cpu_enable_interrupts(void)
{
    asm volatile("sti" : : : "memory");
}

/* Sleep until an interrupt. */
static inline void cpu_halt(void)
{
    asm volatile("hlt" : : : "memory");
}

/*
 * Enable interrupts and sleep until one: STI holds interrupts back for one more
 * instruction, so that a wake-up cannot slip in between (SDM vol. 2B, "STI").
 */
static inline void cpu_enable_interrupts_and_halt(void)
{
    asm volatile("sti; hlt" : : : "memory");
}

static inline void cpu_pause(void)
{
    asm volatile("pause" : : : "memory");
}

/* Raise #BP: how panic() gets a trap frame. */
static inline void cpu_breakpoint(void)
{
    asm volatile("int3" : : : "memory");
}

/* Raise #UD on purpose: for tests of the panic. */
static inline void cpu_undefined(void)
{
    asm volatile("ud2");
}

/* Time-stamp counter. */
static inline uint64_t cpu_read_tsc(void)
{
    uint32_t low, high;

    asm volatile("rdtsc" : "=a"(low), "=d"(high) : : "memory");
    return (uint64_t)high << 32 | low;
}

struct cpuid {
    uint32_t eax, ebx, ecx, edx;
};

static inline struct cpuid cpu_cpuid(uint32_t leaf, uint32_t subleaf)
{
    struct cpuid r;

    asm volatile("cpuid"
                 : "=a"(r.eax), "=b"(r.ebx), "=c"(r.ecx), "=d"(r.edx)
                 : "a"(leaf), "c"(subleaf));
    return r;
}

/* Save and restore x87 and SSE state: 512 bytes, aligned to 16. */
static inline void cpu_fxsave(void *area)
{
    asm volatile("fxsave64 (%0)" : : "r"(area) : "memory");
}

static inline void cpu_fxrstor(const void *area)
{
    asm volatile("fxrstor64 (%0)" : : "r"(area) : "memory");
}

/* Store count words; dst is aligned to 8. */
static inline void cpu_stosq(void *dst, uint64_t value, size_t count)
{
    asm volatile("rep stosq" : "+D"(dst), "+c"(count) : "a"(value) : "memory");
}

static inline void cpu_stosb(void *dst, uint8_t value, size_t count)
{
    asm volatile("rep stosb" : "+D"(dst), "+c"(count) : "a"(value) : "memory");
}

/* Copy count words upwards. */
static inline void cpu_movsq(void *dst, const void *src, size_t count)
{
    asm volatile("rep movsq" : "+D"(dst), "+S"(src), "+c"(count) : : "memory");
}

static inline void cpu_movsb(void *dst, const void *src, size_t count)
{
    asm volatile("rep movsb" : "+D"(dst), "+S"(src), "+c"(count) : : "memory");
}

/* Zero or copy one 4 KiB page. */
static inline void cpu_zero_page(void *page)
{
    cpu_stosq(page, 0, PAGE_SIZE / 8);
}

static inline void cpu_copy_page(void *dst, const void *src)
{
    cpu_movsq(dst, src, PAGE_SIZE / 8);
}

/* A pointer as GDTR and IDTR hold it. */
struct [[gnu::packed]] table_pointer {
    uint16_t limit; /* bytes - 1 */
    uint64_t base;
};

static inline void cpu_load_idt(const struct table_pointer *p)
{
    asm volatile("lidt %0" : : "m"(*p) : "memory");
}

static inline void cpu_load_gdt(const struct table_pointer *p)
{
    asm volatile("lgdt %0" : : "m"(*p) : "memory");
}

static inline void cpu_load_tr(uint16_t selector)
{
    asm volatile("ltr %0" : : "r"(selector) : "memory");
}
