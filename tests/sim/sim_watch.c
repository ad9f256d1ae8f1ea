/*
 * Watching stores one by one: the watched frame is write-protected, a store
 * into it raises SIGSEGV, the handler lets that one instruction run with the
 * CPU's trap flag set, and the SIGTRAP after it compares the frame with a copy.
 * What another CPU could have seen between two instructions is then known.
 */
#define _GNU_SOURCE /* REG_EFL */
#include "sim.h"

#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

enum { TRAP_FLAG = 0x100, WORDS = 512 };

static uint64_t *watched;
static uint64_t copy[WORDS];
static struct sim_store log_of_stores[SIM_STORES_MAX];
static unsigned store_count;
static struct sigaction old_segv, old_trap;

static void on_segv(int signo, siginfo_t *info, void *context)
{
    ucontext_t *uc = context;
    uintptr_t at = (uintptr_t)info->si_addr, base = (uintptr_t)watched;

    if (at < base || at >= base + PAGE_SIZE) {
        sigaction(signo, &old_segv, NULL); /* not ours: fault again, for the sanitizer's report */
        return;
    }
    mprotect(watched, PAGE_SIZE, PROT_READ | PROT_WRITE);
    uc->uc_mcontext.gregs[REG_EFL] |= TRAP_FLAG;
}

static void on_trap(int signo, siginfo_t *info, void *context)
{
    ucontext_t *uc = context;

    (void)signo;
    (void)info;
    for (unsigned i = 0; i < WORDS; i++) {
        if (watched[i] == copy[i] || store_count == SIM_STORES_MAX)
            continue;
        log_of_stores[store_count++] = (struct sim_store){ i * 8, copy[i], watched[i] };
        copy[i] = watched[i];
    }
    uc->uc_mcontext.gregs[REG_EFL] &= ~(greg_t)TRAP_FLAG;
    mprotect(watched, PAGE_SIZE, PROT_READ);
}

void sim_watch_start(paddr_t frame)
{
    struct sigaction segv = { .sa_sigaction = on_segv, .sa_flags = SA_SIGINFO };
    struct sigaction trap = { .sa_sigaction = on_trap, .sa_flags = SA_SIGINFO };

    watched = sim_phys_to_virt(frame);
    memcpy(copy, watched, sizeof(copy));
    store_count = 0;
    sigaction(SIGSEGV, &segv, &old_segv);
    sigaction(SIGTRAP, &trap, &old_trap);
    mprotect(watched, PAGE_SIZE, PROT_READ);
}

unsigned sim_watch_stop(const struct sim_store **stores)
{
    mprotect(watched, PAGE_SIZE, PROT_READ | PROT_WRITE);
    sigaction(SIGSEGV, &old_segv, NULL);
    sigaction(SIGTRAP, &old_trap, NULL);
    *stores = log_of_stores;
    return store_count;
}
