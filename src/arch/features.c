/* Hardening features of the CPU; see features.h. */
#include "arch/features.h"

#include "arch/cpu.h"
#include "arch/log.h"
#include "arch/trap_frame.h"

uint8_t cpu_has_smap;

/* CPUID leaf 7 (SDM vol. 2A, "CPUID", structured extended feature flags). */
enum { LEAF7_EBX_SMEP = 1 << 7, LEAF7_EBX_SMAP = 1 << 20, LEAF7_ECX_UMIP = 1 << 2 };

static uint64_t features_of_cpu(void)
{
    uint64_t cr4 = 0;

    if (cpu_cpuid(0, 0).eax >= 7) {
        struct cpuid leaf7 = cpu_cpuid(7, 0);

        cr4 |= leaf7.ebx & LEAF7_EBX_SMEP ? CR4_SMEP : 0;
        cr4 |= leaf7.ebx & LEAF7_EBX_SMAP ? CR4_SMAP : 0;
        cr4 |= leaf7.ecx & LEAF7_ECX_UMIP ? CR4_UMIP : 0;
    }
    return cr4;
}

/*
 * SYSCALL clears these flags: interrupts stay off until the stack is the
 * kernel's, and programs decide nothing about how kernel code runs (direction,
 * alignment checks and SMAP override, single steps, nested tasks, I/O level).
 */
static void syscall_enable(void (*syscall_entry)(void))
{
    cpu_write_msr(MSR_EFER, cpu_read_msr(MSR_EFER) | EFER_SCE | EFER_NXE);
    cpu_write_msr(MSR_STAR, (uint64_t)SEL_SYSRET_BASE << 48 | (uint64_t)SEL_KERNEL_CODE << 32);
    cpu_write_msr(MSR_LSTAR, (uint64_t)syscall_entry);
    cpu_write_msr(MSR_FMASK,
                  RFLAGS_IF | RFLAGS_DF | RFLAGS_TF | RFLAGS_AC | RFLAGS_NT | RFLAGS_IOPL);
}

void features_enable(void (*syscall_entry)(void))
{
    uint64_t hardening = features_of_cpu();

    cpu_write_cr0((cpu_read_cr0() & ~(CR0_EM | CR0_TS)) | CR0_WP | CR0_AM | CR0_NE | CR0_MP);
    cpu_write_cr4(cpu_read_cr4() | CR4_OSFXSR | CR4_OSXMMEXCPT | CR4_PGE | hardening);
    cpu_has_smap = (hardening & CR4_SMAP) != 0;
    syscall_enable(syscall_entry);
}

void features_log(void)
{
    uint64_t cr4 = cpu_read_cr4();

    klog("cpu: NX on, WP on, SMEP %s, SMAP %s, UMIP %s", cr4 & CR4_SMEP ? "on" : "missing",
         cr4 & CR4_SMAP ? "on" : "missing", cr4 & CR4_UMIP ? "on" : "missing");
}
