/* Parts of the panic's report: text, exceptions, backtrace; see report.h. */
#include "kern/report.h"

#include "arch/layout.h"
#include "arch/log.h"
#include "arch/paging.h"
#include "arch/user_access.h"
#include "kern/symbols.h"
#include "lib/print.h"
#include "lib/string.h"
#include "vm/kernel_map.h"

enum { VGA_COLUMNS = 80, VGA_ROWS = 25, VGA_WHITE_ON_RED = 0x4f00 };
enum { VGA_TEXT = 0xb8000, VGA_SIZE = 2 * VGA_COLUMNS * VGA_ROWS };
enum { BACKTRACE_LINES = 24, BACKTRACE_CALLS = 4096 };

/* The trampoline's tables reach it here; the kernel's own where report_map_screen says. */
static char *vga_text = (char *)DIRECT_MAP_BASE + VGA_TEXT;

err_t report_map_screen(void)
{
    void *text;
    err_t err = kernel_map_device(PADDR(VGA_TEXT), VGA_SIZE, &text);

    if (err == ERR_OK)
        vga_text = text;
    return err;
}

/* The screen may be a framebuffer, or not mapped: then nobody sees these lines there. */
static void vga_line(unsigned row, const char *text)
{
    uint16_t cells[VGA_COLUMNS];
    size_t len = strnlen(text, VGA_COLUMNS);

    for (size_t i = 0; i < VGA_COLUMNS; i++)
        cells[i] = VGA_WHITE_ON_RED | (uint8_t)(i < len ? text[i] : ' ');
    if (row < VGA_ROWS)
        (void)user_copy(vga_text + row * sizeof(cells), cells, sizeof(cells));
}

void report_line(const char *fmt, ...)
{
    static unsigned row;
    char line[LOG_LINE_MAX + 1];
    va_list args;

    va_start(args, fmt);
    fmt_vsnprintf(line, sizeof(line), fmt, args);
    va_end(args);
    klog("%s", line);
    vga_line(row++, line);
}

bool report_read(uint64_t addr, uint64_t *out)
{
    return va_is_canonical(addr) && user_copy(out, (const void *)addr, sizeof(*out)) == 0;
}

void report_code(const char *what, uint64_t addr)
{
    uint64_t offset;
    const char *name = symbol_find(addr, &offset);

    if (name)
        report_line("%s %016lx  %s+0x%lx", what, addr, name, offset);
    else
        report_line("%s %016lx", what, addr);
}

/* A call that comes again and again (recursion) is shown once and counted. */
struct backtrace {
    uint64_t last;     /* the call shown last */
    unsigned lines;    /* calls shown */
    unsigned repeated; /* how often the last one came again */
};

static void backtrace_flush(struct backtrace *trace)
{
    if (trace->repeated > 0)
        report_line("  the same again, %u times", trace->repeated);
    trace->repeated = 0;
}

static void backtrace_add(struct backtrace *trace, uint64_t addr)
{
    if (trace->lines > 0 && addr == trace->last) {
        trace->repeated++;
        return;
    }
    backtrace_flush(trace);
    report_code(" ", addr);
    trace->last = addr;
    trace->lines++;
}

/*
 * Each function pushes rbp and points it there (System V ABI, "Stack Frame"):
 *
 *     rbp -> caller's rbp | return address | caller's frame ...
 *
 * Stacks grow down, so the chain must climb: one that does not is broken. The
 * call lies just before its return address.
 */
static void backtrace_follow(struct backtrace *trace, uint64_t rbp)
{
    for (unsigned calls = 0; rbp != 0; calls++) {
        uint64_t next, ret;

        if (calls == BACKTRACE_CALLS || trace->lines == BACKTRACE_LINES || !is_aligned(rbp, 8) ||
            !report_read(rbp, &next) || !report_read(rbp + 8, &ret) || (next != 0 && next <= rbp)) {
            backtrace_flush(trace);
            report_line("  and more, from frame pointer %016lx", rbp);
            return;
        }
        backtrace_add(trace, ret - 1);
        rbp = next;
    }
    backtrace_flush(trace);
}

void report_backtrace(const struct trap_frame *frame)
{
    struct backtrace trace = { 0 };
    uint64_t ret;

    report_line("backtrace, innermost call first:");
    backtrace_add(&trace, frame->rip);
    /* A call to nowhere has pushed its return address and done nothing else. */
    if (frame->vector == TRAP_PAGE && (frame->error & PF_FETCH) && report_read(frame->rsp, &ret))
        backtrace_add(&trace, ret - 1);
    backtrace_follow(&trace, frame->rbp);
}

static const char *const exception_names[TRAP_IRQ] = {
    [TRAP_DIVIDE] = "#DE divide error",
    [TRAP_DEBUG] = "#DB debug",
    [TRAP_NMI] = "non-maskable interrupt",
    [TRAP_BREAKPOINT] = "#BP breakpoint",
    [TRAP_OVERFLOW] = "#OF overflow",
    [TRAP_BOUND] = "#BR bound range exceeded",
    [TRAP_UNDEFINED] = "#UD invalid opcode",
    [TRAP_NO_FPU] = "#NM no FPU",
    [TRAP_DOUBLE_FAULT] = "#DF double fault: an exception while delivering another one",
    [TRAP_TSS] = "#TS invalid TSS",
    [TRAP_SEGMENT] = "#NP segment not present",
    [TRAP_STACK] = "#SS stack segment, or a non-canonical stack address",
    [TRAP_PROTECTION] = "#GP general protection, or a non-canonical address",
    [TRAP_PAGE] = "#PF page fault",
    [TRAP_FPU] = "#MF x87 error",
    [TRAP_ALIGNMENT] = "#AC alignment check",
    [TRAP_MACHINE_CHECK] = "#MC machine check",
    [TRAP_SIMD] = "#XM SIMD error",
    [TRAP_CONTROL] = "#CP control protection",
};

/* SDM vol. 3A, "Page-Fault Exceptions", figure "Page-Fault Error Code". */
static void report_page_fault(uint64_t error, uint64_t addr)
{
    const char *who = error & PF_USER ? "a program" : "the kernel";
    const char *what = error & PF_FETCH ? "executed" : error & PF_WRITE ? "wrote to" : "read";
    const char *why = error & PF_RESERVED  ? "a table entry has reserved bits set"
                      : error & PF_PRESENT ? "the page forbids it"
                                           : "no page is there";

    report_line("  error code %lx: %s %s %016lx: %s", error, who, what, addr, why);
    if (addr < PAGE_SIZE)
        report_line("  an address near 0: a null pointer, probably");
    else if (!(error & PF_USER) && addr < USER_MAX && (error & PF_PRESENT))
        report_line("  a user address: only user_copy may touch those (SMAP, SMEP)");
}

/* SDM vol. 3A, "Error Code": a selector, with two bits that say of which table. */
static void report_selector(uint64_t error)
{
    const char *table = error & 2 ? "IDT" : error & 4 ? "LDT" : "GDT";

    if (error != 0)
        report_line("  error code %lx: entry %lu of the %s%s", error, error >> 3, table,
                    error & 1 ? ", during an external event" : "");
}

const char *report_exception_name(uint64_t vector)
{
    const char *name = vector < TRAP_IRQ ? exception_names[vector] : NULL;

    return name ? name : "reserved exception";
}

void report_exception(const struct trap_frame *frame, uint64_t fault_addr)
{
    report_line("exception %lu: %s", frame->vector, report_exception_name(frame->vector));
    if (frame->vector == TRAP_PAGE)
        report_page_fault(frame->error, fault_addr);
    else if (frame->vector != TRAP_DOUBLE_FAULT)
        report_selector(frame->error);
    report_code("at", frame->rip);
}
