/*
 * What the cases share: addresses, frames, tables. Each case is a function; the
 * word case=NAME of the command line chooses.
 */
#pragma once

#include "machine.h"

#define VA        0x40000000ull /* what the cases map: page table `pt`, by `test_pd` */
#define VA_BIG    0x40200000ull /* the next entry of test_pd: a 2 MiB page */
#define VA_GIANT  0x80000000ull /* an entry of the PDPT: a 1 GiB page */
#define A         0x2000000ull  /* frames, all different */
#define B         0x2001000ull
#define HIGH      0x100000000ull
#define BIG_A     0x2200000ull
#define BIG_B     0x2400000ull
#define CODE      0xc3c3c3c3c3c3c3c3ull /* RET */
#define USER_CODE 0x80cdull             /* INT 0x80 */
#define CR4_PCIDE (1ull << 17)
#define KEEP      (1ull << 63)

/* test_pd lies below the PDPT's second entry, pt below test_pd's first. The others are spare. */
extern table_t test_pd, pt, other_pt, other_pml4, third;
extern void (*on_fault)(uint64_t va, uint64_t error);

static inline void set(uint64_t *entry, uint64_t value)
{
    *(volatile uint64_t *)entry = value;
}

/* The page at VA. */
static inline void map(uint64_t entry)
{
    set(&pt[0], entry);
}

/* For on_fault: VA is at B from now on. */
void fault_maps_b(uint64_t va, uint64_t error);

void case_read(void);
void case_write(void);
void case_fetch(void);
void case_unmap(void);
void case_downgrade(void);
void case_no_execute(void);
void case_big(void);
void case_giant(void);
void case_high(void);
void case_user(void);
void case_user_write(void);
void case_user_fetch(void);
void case_global(void);
void case_forgotten(void);
void case_invlpg(void);
void case_cr3(void);
void case_global_invlpg(void);
void case_global_cr4(void);
void case_big_invlpg(void);
void case_invpcid(void);
void case_upgrade(void);
void case_first(void);
void case_fault(void);
void case_flushed_before(void);
void case_clean(void);
void case_split(void);
void case_table(void);
void case_table_walk(void);
void case_table_flush(void);
void case_window_return(void);
void case_window_reuse(void);
void case_window_table(void);
void case_pcid(void);
void case_stores(void);
void case_given_up(void);
void case_shared_table(void);
void case_moved_table(void);
void case_linked_root(void);
void case_sleeping_root(void);
void case_root_below(void);
void case_events(void);
void case_halt(void);
void case_reset(void);
void case_triple(void);
void case_loop(void);
void case_flood(void);

/* program.c: the boot module is a program. */
extern const uint8_t *boot_module;
void case_lab_ring_0(void);
void case_lab_jump(void);
void case_lab_forged(void);
void case_lab_stale(void);
void case_lab_flushed(void);
