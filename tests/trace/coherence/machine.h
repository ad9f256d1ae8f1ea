/*
 * The machine of the coherence kernel, and its page tables.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { P = 1, W = 2, U = 4, D = 0x40, PS = 0x80, G = 0x100 };
#define NX (1ull << 63)

typedef uint64_t table_t[512];

extern table_t pml4, pdpt, pd; /* start.S: the first GiB */

uint64_t user_run(void (*code)(void), uint64_t argument);
void user_end(void);
void user_read(void);
void user_write(void);
void user_nothing(void);
void page_fault(void);
void interrupt(void);

static inline uint64_t read(uint64_t va)
{
    uint64_t value;

    asm volatile("movq (%1), %0" : "=r"(value) : "r"(va) : "memory");
    return value;
}

static inline void write(uint64_t va, uint64_t value)
{
    asm volatile("movq %0, (%1)" : : "r"(value), "r"(va) : "memory");
}

static inline void invlpg(uint64_t va)
{
    asm volatile("invlpg (%0)" : : "r"(va) : "memory");
}

static inline void invpcid(uint64_t type, uint64_t pcid, uint64_t va)
{
    const struct {
        uint64_t pcid, va;
    } descriptor = { pcid, va };

    asm volatile("invpcid %1, %0" : : "r"(type), "m"(descriptor) : "memory");
}

static inline uint64_t cr3_read(void)
{
    uint64_t value;

    asm volatile("movq %%cr3, %0" : "=r"(value));
    return value;
}

static inline void cr3_write(uint64_t value)
{
    asm volatile("movq %0, %%cr3" : : "r"(value) : "memory");
}

static inline uint64_t cr4_read(void)
{
    uint64_t value;

    asm volatile("movq %%cr4, %0" : "=r"(value));
    return value;
}

static inline void cr4_write(uint64_t value)
{
    asm volatile("movq %0, %%cr4" : : "r"(value) : "memory");
}

static inline void out8(uint16_t port, uint8_t value)
{
    asm volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static inline void call(uint64_t va)
{
    asm volatile("call *%0" : : "r"(va) : "memory", "rax");
}
