/*
 * A machine in a process: RAM with holes, CR3, and an MMU that forgets a
 * translation only when it is told to. The kernel's memory layers, compiled
 * for the host unchanged, run on it; tests look at it from outside.
 *
 * Whatever real hardware would make a silent disaster (an access outside of
 * RAM, a walk through a freed table, a freed frame that the TLB still
 * reaches, a lock taken out of order) ends the process with a message.
 *
 * One thread. Nothing here is part of the kernel.
 */
#pragma once

#include "lib/types.h"

enum { SIM_HOLES_MAX = 4, SIM_LOG_LINES = 64 };

/* What RAM looks like: [0, size) without the holes, all multiples of 4 KiB. */
struct sim_ram {
    uint64_t size; /* bytes, at most 1 GiB */
    unsigned hole_count;
    struct {
        uint64_t base, len;
    } hole[SIM_HOLES_MAX];
};

/* 32 MiB with a hole like a PC's below 1 MiB, and an odd one high up. */
extern const struct sim_ram SIM_RAM_PC;
/* 128 MiB, the same holes. */
extern const struct sim_ram SIM_RAM_BIG;

/* ---- RAM (sim_ram.c) ---- */

/* Make the RAM; the former one is forgotten. Contents are garbage, the same each time. */
void sim_ram_init(const struct sim_ram *ram);
const struct sim_ram *sim_ram_shape(void);
bool sim_is_ram(uint64_t pa, uint64_t len);

/* What phys_to_virt and virt_to_phys are here; addresses outside of RAM end the test. */
void *sim_phys_to_virt(paddr_t pa);
paddr_t sim_virt_to_phys(const void *p);

/* Calls of sim_phys_to_virt so far: how much an operation looked at. */
uint64_t sim_ram_lookups(void);

/* ---- MMU (sim_mmu.c) ---- */

void sim_mmu_reset(void);
paddr_t sim_root(void);
void sim_load_root(paddr_t root);
void sim_flush_page(uint64_t va);

/*
 * One access by a program in ring 3, access as for as_handle_fault (AS_USER is
 * implied). va is a multiple of 8; *value is stored (AS_WRITE) or loaded.
 * Stale translations are used as long as the CPU could have them.
 * Returns false for a page fault, which also drops the entries for va, as the
 * architecture says (SDM vol. 3A, "Operations that Invalidate TLBs and
 * Paging-Structure Caches").
 */
bool sim_access(vaddr_t va, unsigned access, uint64_t *value);

/*
 * What the CPU may do on its own: walk the tables for any address, without a
 * fault, and remember what it met on the way (SDM vol. 3A, "Details of TLB Use").
 */
void sim_speculate(vaddr_t va);

/*
 * Is every cached translation still what the tables say, or less? Otherwise
 * the first one that is not goes to the log. Rights that grew need no flush.
 */
bool sim_tlb_agrees(void);

/* Translations (leaves) that the TLB holds. */
uint64_t sim_tlb_count(void);

/* Flushes since the start: of single pages, and of everything. */
uint64_t sim_page_flushes(void);
uint64_t sim_root_loads(void);

/* May the frames be freed now? Ends the test if the CPU could still reach one. */
void sim_assert_unreachable(paddr_t first, uint64_t frames, const char *who);

/* ---- the machine (sim_boot.c) ---- */

struct boot_info;

/* Boot information for the RAM of this shape: KERNEL_PHYS to 2 MiB is reserved for the image. */
void sim_boot_info(const struct sim_ram *ram, struct boot_info *info);

/* RAM, pmm, kernel tables; sim_kernel_as() is as_new_kernel's result afterwards. Once a process. */
void sim_boot(const struct sim_ram *ram);
struct address_space *sim_kernel_as(void);

/* ---- copies by the kernel (sim_user_copy.c) ---- */

/* The space in which the faults of user_copy are resolved; it must be loaded. */
void sim_user_copy_in(struct address_space *as);

/* ---- stores watched one by one (sim_watch.c) ---- */

enum { SIM_STORES_MAX = 4096 };
struct sim_store {
    uint64_t offset;     /* of the word in the frame, bytes */
    uint64_t old, value; /* before and after */
};

/* Record every store into one frame, until sim_watch_stop(): it returns how many words changed. */
void sim_watch_start(paddr_t frame);
unsigned sim_watch_stop(const struct sim_store **stores);

/* ---- log and death (sim_log.c) ---- */

/* Print the log's last lines and the message, then end the process with status 99. */
[[gnu::noreturn]] void sim_die(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Called by sim_die before the process ends; for what a test wants to say. */
void sim_on_death(void (*report)(void));

/* The newest line of the kernel's log, "" if there is none. */
const char *sim_log_last(void);
void sim_log_dump(void);

/* Locks held now; how often one of the rank was taken so far (sim_lock.c). */
unsigned sim_locks_held(void);
uint64_t sim_lock_count(unsigned rank);
