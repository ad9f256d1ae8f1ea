/*
 * The emulated machine, looked at through what Bochs exports: its parameter
 * tree for registers and the clock, and its debugger's way to read RAM.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Registers: first the general ones, by the numbers that instructions have for them. */
enum machine_reg {
    CPU_RAX,
    CPU_RCX,
    CPU_RDX,
    CPU_RBX,
    CPU_RSP,
    CPU_RBP,
    CPU_RSI,
    CPU_RDI,
    CPU_R8,
    CPU_R9,
    CPU_R10,
    CPU_R11,
    CPU_R12,
    CPU_R13,
    CPU_R14,
    CPU_R15,
    CPU_RIP,
    CPU_CR0,
    CPU_CR2,
    CPU_CR3,
    CPU_CR4,
    CPU_CS,
    CPU_EFLAGS,
    CPU_EFER,
    CPU_COUNT
};

/* Bits of control registers that decide about translation. */
#define CR0_WP      (1ull << 16)
#define CR0_PG      (1ull << 31)
#define CR3_PCID    0xfffull
#define CR3_NOFLUSH (1ull << 63)
#define CR4_PAE     (1ull << 5)
#define CR4_PGE     (1ull << 7)
#define CR4_PCIDE   (1ull << 17)
#define CR4_SMEP    (1ull << 20)
#define CR4_SMAP    (1ull << 21)
#define EFER_LMA    (1ull << 10)
#define EFER_NXE    (1ull << 11)
#define FLAGS_IF    (1ull << 9)
#define FLAGS_AC    (1ull << 18)

/* What the last CR loads left; see machine_refresh. */
struct machine {
    uint64_t cr0, cr3, cr4, efer;
};
extern struct machine machine;

/* Find Bochs' parts; refuses an emulator that lacks one. Once its machine exists. */
void machine_find(void);

/* Address of a symbol that Bochs exports; refuses an emulator without it. */
void *machine_symbol(const char *name);

uint64_t machine_reg(enum machine_reg reg);

/* Instructions since power-on. */
uint64_t machine_tick(void);

/* Privilege level of the code that runs. */
unsigned machine_ring(void);

/* Copy the control registers into `machine`. */
void machine_refresh(void);

/* Is 4-level paging on? Needs a fresh `machine`. */
bool machine_paging(void);

/* Read guest RAM; what lies beyond it reads as zeros. */
void machine_read(uint64_t phys, void *out, unsigned len);

/* Set a general register; false where the CPU is not in 64-bit mode. */
bool machine_set_reg(enum machine_reg reg, uint64_t value);

/* Call handler every (or once, after) so many ticks. */
void machine_add_timer(uint64_t ticks, bool continuous, void (*handler)(void *));

/* A timer that calls handler once, so many ticks after each time it is set. */
unsigned machine_make_timer(void (*handler)(void *));
void machine_set_timer(unsigned timer, uint64_t ticks);
