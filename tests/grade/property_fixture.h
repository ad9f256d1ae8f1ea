/*
 * Made-up machines for the tests of properties: a scene is a list of events that
 * becomes a trace file, which is judged.
 *
 * The kernel's root is KERNEL_ROOT; a process's four tables lie one behind another
 * from its root on, and map pages from PAGES_VA on.
 */
#pragma once

#include "check.h"
#include "event.h"
#include "property.h"

#define KERNEL_ROOT 0x1000ul
#define KERNEL_PDPT 0x2000ul
#define KERNEL_PT   0x4000ul
#define KERNEL_VA   0xffffffff80000000ul
#define IMAGE_VA    0xffffffff80100000ul
#define PAGES_VA    0x400000ul
#define ROOT_1      0x20000ul
#define ROOT_2      0x30000ul
#define ROOT_3      0x40000ul
#define USER_RW     0x8000000000000007ul
#define USER_RO     0x8000000000000005ul
#define USER_RX     0x5ul

/* Start anew; calls: the functions that are recorded, with commas between, or NULL. */
void scene_start(const char *calls);

/* One event; ticks pass by themselves. Returns it for further changes until the next one. */
struct trace_event *scene_event(unsigned kind, uint32_t what, uint8_t ring, uint64_t v0,
                                uint64_t v1, uint64_t v2, uint64_t v3);
void scene_ticks(uint64_t ticks);

/* The last so many events are one instruction's. */
void scene_same_tick(unsigned events);

/* Into long mode with the kernel's half, as it should be done. */
void scene_boot(void);
void scene_table(uint64_t phys, uint8_t level, uint64_t va, uint64_t parent);
void scene_seen(uint64_t entry, uint8_t level, uint64_t value, uint64_t va);
void scene_write(uint64_t entry, uint8_t level, uint64_t old, uint64_t new, uint64_t va);
void scene_cr3(uint64_t root);

/* Load a process's root for the first time; its first pages have these leaves. */
void scene_process(uint64_t root, const uint64_t *leaves, unsigned count);

/* Change a page's leaf; the address of the entry. */
void scene_leaf(uint64_t root, unsigned page, uint64_t old, uint64_t new);
uint64_t scene_entry(uint64_t root, unsigned page);

void scene_enter(uint64_t rip, uint64_t rsp);   /* IRET to ring 3 */
void scene_syscall(uint64_t rip, uint64_t rsp); /* from ring 3 */
void scene_interrupt(uint64_t rip, uint64_t rsp);
void scene_fault(uint64_t va, uint64_t error, uint64_t rip, uint64_t rsp);
void scene_call(unsigned place, uint64_t a, uint64_t b);
void scene_return(unsigned place, uint64_t rax);
void scene_out_value(unsigned place, uint64_t value);
void scene_witness(uint64_t step, uint64_t value, uint64_t a, uint64_t b);

/* Judge what happened so far, and the end; with is JSON text or NULL. */
const struct verdict *scene_judge(const char *property, const char *with);

/* The fact's value; dies if there is none. */
uint64_t scene_fact(const char *fact, const char *with);

/* Must pass; must fail with this in its text. */
void scene_passes(const char *property, const char *with);
void scene_fails(const char *property, const char *with, const char *text);

/* How the next judged run ends (default: TRACE_END_SHUTDOWN). */
void scene_ends(uint32_t end);
