/*
 * The end of the kernel; see panic.h.
 *
 * panic() raises #BP, so that it has a trap frame with all registers just like
 * an exception, and both take the same way. A fault in the report itself that is
 * not one of its own reads ends it at once.
 */
#include "kern/panic.h"

#include "arch/cpu.h"
#include "arch/hoststream.h"
#include "arch/log.h"
#include "arch/percpu.h"
#include "kern/report.h"
#include "lib/panic.h"
#include "lib/print.h"
#include "sched/task.h"
#include "vm/address_space.h"
#include "vm/kstack.h"

static char panic_message[LOG_LINE_MAX]; /* of panic(); empty for an exception */
static bool panic_running;

bool panic_is_running(void)
{
    return panic_running;
}

static void panic_hook(const char *fmt, va_list args)
{
    cpu_disable_interrupts();
    if (panic_running)
        host_shutdown(HOST_EXIT_PANIC);
    fmt_vsnprintf(panic_message, sizeof(panic_message), fmt, args);
    cpu_breakpoint();
}

void panic_init(void)
{
    panic_set_hook(panic_hook);
}

static void report_registers(const struct trap_frame *f, uint64_t fault_addr)
{
    report_line("registers:");
    report_line("  rax %016lx  rbx %016lx  rcx %016lx", f->rax, f->rbx, f->rcx);
    report_line("  rdx %016lx  rsi %016lx  rdi %016lx", f->rdx, f->rsi, f->rdi);
    report_line("  r8  %016lx  r9  %016lx  r10 %016lx", f->r8, f->r9, f->r10);
    report_line("  r11 %016lx  r12 %016lx  r13 %016lx", f->r11, f->r12, f->r13);
    report_line("  r14 %016lx  r15 %016lx", f->r14, f->r15);
    report_line("  rbp %016lx  rsp %016lx", f->rbp, f->rsp);
    report_line("  rip %016lx  cs %04lx  ss %04lx  rflags %016lx", f->rip, f->cs, f->ss, f->rflags);
    report_line("  cr0 %08lx  cr2 %016lx  cr3 %09lx  cr4 %08lx", cpu_read_cr0(), fault_addr,
                cpu_read_cr3(), cpu_read_cr4());
}

static void report_task(void)
{
    const struct task *task = cpu_this()->task;

    if (task == NULL) {
        report_line("task: none yet, the kernel is starting");
        return;
    }
    report_line("task: pid %d '%.*s', %s, kernel stack top %p", task->pid, TASK_NAME_MAX,
                task->name, task_is_user(task) ? "a program" : "of the kernel", task->kstack);
}

/* Does CR2 belong to this exception? A double fault mostly starts with a page fault. */
static bool trap_is_fault(const struct trap_frame *frame)
{
    return frame->vector == TRAP_PAGE || frame->vector == TRAP_DOUBLE_FAULT;
}

/* First line: what happened, in words that can be searched for. */
static void report_headline(const struct trap_frame *frame, uint64_t fault_addr)
{
    if (panic_message[0] != '\0')
        report_line("PANIC: %s", panic_message);
    else if (trap_is_fault(frame) && kstack_is_guard(fault_addr))
        report_line("PANIC: kernel stack overflow");
    else if (frame->vector == TRAP_DOUBLE_FAULT)
        report_line("PANIC: double fault");
    else
        report_line("PANIC: %s in %s", report_exception_name(frame->vector),
                    trap_from_user(frame) ? "a program" : "the kernel");
}

void panic_trap(const struct trap_frame *frame, uint64_t fault_addr)
{
    cpu_disable_interrupts();
    if (panic_running) {
        report_line("PANIC: another exception in the report; giving up");
        host_shutdown(HOST_EXIT_PANIC);
    }
    panic_running = true;
    preempt_disable();
    log_take_over();
    host_stream_send('S', "panic", 5);
    report_headline(frame, fault_addr);
    if (panic_message[0] == '\0')
        report_exception(frame, fault_addr);
    report_task();
    report_walk(trap_is_fault(frame) ? fault_addr : frame->rip);
    report_backtrace(frame);
    report_registers(frame, fault_addr);
    report_line("The kernel stops here.");
    host_shutdown(HOST_EXIT_PANIC);
}
