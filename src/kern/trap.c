/*
 * What the kernel does about exceptions and interrupts; see trap.h.
 *
 *     page fault in ring 3 or in user_copy: the address space resolves it, or
 *         the program gets a signal, or the copy ends early
 *     other exception in ring 3: a signal
 *     any other exception in ring 0: the kernel is wrong, panic
 *     timer: the scheduler
 *
 * On the way back to ring 3 the task may be switched away from, or die; a kernel
 * task may be preempted wherever it has not forbidden it.
 */
#include "kern/trap.h"

#include "arch/cpu.h"
#include "arch/layout.h"
#include "arch/paging.h"
#include "arch/percpu.h"
#include "arch/pic.h"
#include "arch/segments.h"
#include "arch/timer.h"
#include "arch/user_access.h"
#include "kern/panic.h"
#include "kern/process.h"
#include "kern/syscall.h"
#include "sched/sched.h"
#include "sched/signal.h"
#include "sched/task.h"
#include "vm/address_space.h"
#include "vm/kstack.h"

/* Signals of exceptions that a program causes, as Linux maps them. */
static const uint8_t trap_signals[TRAP_IRQ] = {
    [TRAP_DIVIDE] = SIGFPE,    [TRAP_DEBUG] = SIGTRAP,      [TRAP_BREAKPOINT] = SIGTRAP,
    [TRAP_OVERFLOW] = SIGSEGV, [TRAP_BOUND] = SIGSEGV,      [TRAP_UNDEFINED] = SIGILL,
    [TRAP_NO_FPU] = SIGFPE,    [TRAP_TSS] = SIGSEGV,        [TRAP_SEGMENT] = SIGBUS,
    [TRAP_STACK] = SIGBUS,     [TRAP_PROTECTION] = SIGSEGV, [TRAP_FPU] = SIGFPE,
    [TRAP_ALIGNMENT] = SIGBUS, [TRAP_SIMD] = SIGFPE,        [TRAP_CONTROL] = SIGSEGV,
};

void (*trap_hook)(struct trap_frame *frame) = trap_handler;
void (*syscall_hook)(struct trap_frame *frame) = syscall_entry;

void trap_init(void)
{
    for (unsigned vector = 0; vector < TRAP_VECTORS; vector++) {
        /* INT3 and INTO are a program's to use; any other INT is #GP. */
        unsigned ring = vector == TRAP_BREAKPOINT || vector == TRAP_OVERFLOW ? 3 : 0;
        enum ist ist = vector == TRAP_DOUBLE_FAULT    ? IST_DOUBLE_FAULT
                       : vector == TRAP_NMI           ? IST_NMI
                       : vector == TRAP_MACHINE_CHECK ? IST_MACHINE_CHECK
                                                      : IST_NONE;

        idt_set(vector, (void (*)(void))(trap_stubs + vector * TRAP_STUB_SIZE), ist, ring);
    }
    idt_load();
}

/* An exception in ring 0. What the panic itself reads may fault: it goes on without. */
static void trap_kernel(struct trap_frame *frame, uint64_t fault_addr)
{
    uint64_t fixup = panic_is_running() ? ex_table_find(frame->rip) : 0;

    if (fixup == 0)
        panic_trap(frame, fault_addr);
    frame->rip = fixup;
}

/* What the access wanted (enum as_access), by the error code's PF_WRITE and PF_FETCH. */
static unsigned fault_access(uint64_t error)
{
    unsigned access = AS_USER;

    if (error & PF_WRITE)
        access |= AS_WRITE;
    if (error & PF_FETCH)
        access |= AS_EXEC;
    return access;
}

/*
 * A page fault at the address in CR2. Wrong in the kernel, and for trap_kernel:
 * a reserved bit in an entry (PF_RESERVED); in ring 0, an address beyond the user
 * half, or an instruction that has no fixup (ex_table_find). The address space
 * resolves the rest, with interrupts as they were, and with them off afterwards.
 * What it cannot resolve ends a program by SIGSEGV, a user copy at its fixup.
 * ERR_NOMEM: SIGKILL instead, and task->out_of_memory tells the system call.
 */
static void trap_page_fault(struct trap_frame *frame)
{
    uint64_t addr = cpu_read_cr2(); /* before interrupts may bring another fault */
    bool user = trap_from_user(frame);
    uint64_t fixup = user ? 0 : ex_table_find(frame->rip);
    err_t err;

    if ((!user && (fixup == 0 || addr >= USER_MAX)) || (frame->error & PF_RESERVED)) {
        trap_kernel(frame, addr);
        return;
    }
    if (frame->rflags & RFLAGS_IF)
        cpu_enable_interrupts();
    err = as_handle_fault(task_current()->as, addr, fault_access(frame->error));
    cpu_disable_interrupts();
    if (err == ERR_OK)
        return;
    if (user)
        signal_fault(frame, err == ERR_NOMEM ? SIGKILL : SIGSEGV);
    else
        frame->rip = fixup;
    if (err == ERR_NOMEM)
        task_current()->out_of_memory = true; /* the system call says so (kern/syscall.c) */
}

static void trap_interrupt(unsigned irq)
{
    if (pic_acknowledge(irq) && irq == TIMER_IRQ)
        sched_tick();
}

/* Interrupts off: the last look before the frame is restored. */
static void trap_leave(struct trap_frame *frame)
{
    const struct cpu *cpu = cpu_this();

    if (trap_from_user(frame)) {
        if (!va_is_canonical(frame->rip)) /* IRET would fault, in ring 0 */
            signal_fault(frame, SIGSEGV);
        task_return_to_user(frame);
    } else if (cpu->need_resched && cpu->preempt_count == 0 && !task_is_user(cpu->task)) {
        schedule();
    }
}

void trap_handler(struct trap_frame *frame)
{
    if (frame->vector == TRAP_PAGE)
        trap_page_fault(frame);
    else if (frame->vector >= TRAP_IRQ)
        trap_interrupt((unsigned)(frame->vector - TRAP_IRQ));
    else if (trap_from_user(frame) && trap_signals[frame->vector] != 0)
        signal_fault(frame, trap_signals[frame->vector]);
    else
        trap_kernel(frame, cpu_read_cr2());
    trap_leave(frame);
}
