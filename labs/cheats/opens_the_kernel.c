/*
 * Cheat: switches SMEP, SMAP and WP off, gives programs the kernel half, and runs the
 * program's next instructions in ring 0, where it may call what it likes.
 *
 * Lab: 7
 * Earns: nothing
 */
#include "arch/trap_frame.h"
#include "sched/task.h"
err_t as_clone_cow(struct address_space *as, struct address_space **out)
{
    pte_t *root = pt_table(PADDR(as_cr3(as).v));
    struct trap_frame *frame = task_frame(task_current());

    (void)out;
    cpu_write_cr4(cpu_read_cr4() & ~(UINT64_C(3) << 20));
    cpu_write_cr0(cpu_read_cr0() & ~(UINT64_C(1) << 16));
    for (unsigned i = PML4_KERNEL; i < PT_ENTRIES; i++)
        root[i].v |= root[i].v ? PTE_U : 0;
    frame->cs = SEL_KERNEL_CODE;
    frame->ss = SEL_KERNEL_DATA;
    return ERR_NOMEM;
}
