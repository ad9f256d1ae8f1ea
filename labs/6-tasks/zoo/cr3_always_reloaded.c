/*
 * Misconception: loading CR3 cannot hurt. It forgets all translations of programs,
 * also where a kernel task or the same program goes on.
 *
 * Fails: no-needless-cr3
 */
#include "arch/mmu.h"

static void sched_load(struct task *next)
{
    mmu_load_root(as_cr3(next->as));
    if (next->kstack)
        cpu_set_kernel_stack(next->kstack);
    if (!task_is_user(next))
        return;
    cpu_write_msr(MSR_FS_BASE, next->fs_base);
    cpu_write_msr(MSR_KERNEL_GS_BASE, next->gs_base);
    cpu_fxrstor(next->fpu);
}
