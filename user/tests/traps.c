/* Instructions that trap: the signal of each, and nothing for those that may run. */
#include "test.h"

/* Each instruction in a function of its own. */
#define TRAP(name, code)                                                                           \
    static int name(void *arg)                                                                     \
    {                                                                                              \
        (void)arg;                                                                                 \
        __asm__ volatile(code ::: "rax", "rcx", "rdx", "memory", "cc");                            \
        return 0;                                                                                  \
    }

TRAP(divide, "xor %%ecx, %%ecx; mov $1, %%eax; cltd; idivl %%ecx")
TRAP(divide_overflow, "mov $-1, %%ecx; mov $0x80000000, %%eax; cltd; idivl %%ecx")
TRAP(undefined, "ud2")
TRAP(breakpoint, "int3")
TRAP(breakpoint_long, ".byte 0xcd, 3")
TRAP(overflow_vector, "int $4")
TRAP(software_fault, "int $14")
TRAP(software_irq, "int $0x20")
TRAP(software_high, "int $0xff")
TRAP(halt, "hlt")
TRAP(interrupts_off, "cli")
TRAP(port_in, "in $0x70, %%al")
TRAP(port_out, "out %%al, $0x80")
TRAP(read_cr3, "mov %%cr3, %%rax")
TRAP(write_cr4, "mov %%rax, %%cr4")
TRAP(read_msr, "mov $0xc0000080, %%ecx; rdmsr")
TRAP(flush_tlb, "invlpg (%%rsp)")
TRAP(load_selector, "mov $0x08, %%eax; mov %%eax, %%ss")
TRAP(load_bad_selector, "mov $0xfff8, %%eax; mov %%eax, %%ds")
TRAP(iopl, "pushfq; orl $0x3000, (%%rsp); popfq") /* ignored in ring 3 */
TRAP(no_operation, "nop; pause; lfence; rdtsc")
TRAP(noncanonical_access, "mov $0x8000000000000000, %%rax; mov (%%rax), %%rax")
TRAP(swap_gs, "swapgs")
TRAP(system_return, "sysretq")
TRAP(single_step, "pushfq; orl $0x100, (%%rsp); popfq; nop")

static int x87_error(void *arg)
{
    unsigned short control = 0x037b; /* divide by zero unmasked */

    (void)arg;
    __asm__ volatile("fldcw %0; fld1; fldz; fdivrp; fwait" ::"m"(control));
    return 0;
}

static const struct {
    const char *name;
    int (*run)(void *);
} traps[] = {
    { "divide by zero", divide },
    { "divide overflow", divide_overflow },
    { "ud2", undefined },
    { "int3", breakpoint },
    { "int 3, two bytes", breakpoint_long },
    { "int 4", overflow_vector },
    { "int 14", software_fault },
    { "int 0x20", software_irq },
    { "int 0xff", software_high },
    { "hlt", halt },
    { "cli", interrupts_off },
    { "in", port_in },
    { "out", port_out },
    { "mov from cr3", read_cr3 },
    { "mov to cr4", write_cr4 },
    { "rdmsr", read_msr },
    { "invlpg", flush_tlb },
    { "kernel selector", load_selector },
    { "selector beyond the GDT", load_bad_selector },
    { "popf with IOPL", iopl },
    { "nothing wrong", no_operation },
    { "access not canonical", noncanonical_access },
    { "swapgs", swap_gs },
    { "sysret", system_return },
    { "single step", single_step },
    { "x87 exception", x87_error },
};

int main(void)
{
    for (size_t i = 0; i < sizeof(traps) / sizeof(traps[0]); i++)
        show_status(traps[i].name, in_child(traps[i].run, NULL));
    return test_end();
}
