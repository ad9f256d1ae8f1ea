/* The walk through the page tables in the panic's report; see report.h. */
#include "arch/cpu.h"
#include "arch/layout.h"
#include "arch/paging.h"
#include "kern/report.h"
#include "lib/print.h"

static const char *const level_names[] = {
    [PT] = "PT",
    [PD] = "PD",
    [PDPT] = "PDPT",
    [PML4] = "PML4",
};

/* One entry, with its bits in words (SDM vol. 3A, "4-Level Paging and 5-Level Paging"). */
static void report_entry(pte_t e, enum pt_level level, unsigned index)
{
    char what[40] = "";

    if (!pte_present(e)) {
        report_line("  %-4s[%3u] %016lx  not present%s", level_names[level], index, e.v,
                    e.v & PTE_KEPT ? ", but keeps its frame (no rights)" : "");
        return;
    }
    fmt_snprintf(what, sizeof(what), pte_is_leaf(e, level) ? "%s page at %lx" : "%stable at %lx",
                 !pte_is_leaf(e, level) ? ""
                 : level == PT          ? "4 KiB"
                 : level == PD          ? "2 MiB"
                                        : "1 GiB",
                 pte_addr(e).v);
    report_line("  %-4s[%3u] %016lx  %s: %s, %s%s%s%s%s%s%s%s", level_names[level], index, e.v,
                what, e.v & PTE_U ? "user" : "kernel", e.v & PTE_W ? "writable" : "read-only",
                e.v & PTE_NX ? ", no execute" : "", e.v & PTE_A ? ", accessed" : "",
                e.v & PTE_D ? ", dirty" : "", e.v & PTE_G ? ", global" : "",
                e.v & PTE_PCD ? ", uncached" : "", e.v & PTE_COW ? ", copy-on-write" : "",
                e.v & PTE_SHARED ? ", shared" : "");
}

/*
 * What all levels allow together: each can only take rights away (SDM vol. 3A,
 * "Determination of Access Rights").
 */
static void report_rights(pte_t rights)
{
    report_line("  together: %s, %s%s", rights.v & PTE_U ? "user" : "kernel",
                rights.v & PTE_W ? "writable" : "read-only",
                rights.v & PTE_NX ? ", no execute" : ", executable");
}

void report_walk(uint64_t va)
{
    paddr_t table = PADDR(cpu_read_cr3() & PTE_ADDR);
    pte_t rights = { PTE_W | PTE_U };

    report_line("walk of %016lx from cr3 %lx:", va, table.v);
    if (!va_is_canonical(va)) {
        report_line("  not canonical: bits 63 to 47 differ; no table can map it");
        return;
    }
    for (enum pt_level level = PML4; level >= PT; level--) {
        unsigned index = pt_index(va, level);
        pte_t e;

        if (!report_read(DIRECT_MAP_BASE + table.v + index * sizeof(e), &e.v)) {
            report_line("  %-4s at %lx: not in memory", level_names[level], table.v);
            return;
        }
        report_entry(e, level, index);
        if (!pte_present(e))
            return;
        rights.v = (rights.v & e.v & (PTE_W | PTE_U)) | ((rights.v | e.v) & PTE_NX);
        if (pte_is_leaf(e, level)) {
            report_rights(rights);
            return;
        }
        table = pte_addr(e);
    }
}
