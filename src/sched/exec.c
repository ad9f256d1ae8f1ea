/* A new program in an old task: see exec.h. */
#include "sched/exec.h"

#include "arch/cpu.h"
#include "arch/layout.h"
#include "arch/log.h"
#include "arch/trap_frame.h"
#include "lib/print.h"
#include "lib/string.h"
#include "sched/elf.h"
#include "sched/exec_stack.h"
#include "sched/sched.h"
#include "sched/signal.h"
#include "sched/task.h"
#include "vm/address_space.h"

static err_t exec_load_segment(struct address_space *as, const struct exec_request *request,
                               const struct elf_segment *s)
{
    enum vma_type type = s->flags & VMA_EXEC ? VMA_CODE : VMA_ANONYMOUS;
    err_t err = as_reserve_region(as, s->start, s->page_count, s->flags, type, VMA_PAGE_4K);

    if (err || s->file_size == 0)
        return err;
    return as_write(as, s->data, (const uint8_t *)request->file + s->file_offset, s->file_size);
}

/* The guard is a VMA without rights, so that mmap never puts anything there. */
static err_t exec_reserve_stack(struct address_space *as)
{
    err_t err = as_reserve_region(as, STACK_START - STACK_GUARD, STACK_GUARD / PAGE_SIZE, 0,
                                  VMA_STACK, VMA_PAGE_4K);

    if (err)
        return err;
    return as_reserve_region(as, STACK_START, STACK_SIZE / PAGE_SIZE, VMA_READ | VMA_WRITE,
                             VMA_STACK, VMA_PAGE_4K);
}

static err_t exec_fill(const struct exec_request *request, const struct stack_sizes *sizes,
                       const struct elf_plan *plan, struct exec_program *program)
{
    err_t err = exec_reserve_stack(program->as);

    for (unsigned i = 0; i < plan->count && !err; i++)
        err = exec_load_segment(program->as, request, &plan->segment[i]);
    if (err)
        return err;
    program->entry = plan->entry;
    program->brk = plan->end;
    return exec_write_stack(request, sizes, plan, program);
}

/* Linux's order of complaints: the arguments, the file, memory. */
err_t exec_build(const struct exec_request *request, struct exec_program *out)
{
    struct stack_sizes sizes;
    struct elf_plan plan;
    const char *why;
    err_t err = exec_measure_stack(request, &sizes);

    if (err)
        return err;
    err = elf_check(request->file, request->size, STACK_START - STACK_GUARD, &plan, &why);
    if (err) {
        klog("exec: %s refused: %s", request->path, why);
        return err;
    }
    err = as_new_user(&out->as);
    if (err)
        return err;
    err = exec_fill(request, &sizes, &plan, out);
    if (err)
        as_put(out->as);
    return err;
}

/* As FNINIT and a reset leave them (SDM vol. 1, "x87 FPU Control Word", "MXCSR"). */
static void exec_reset_fpu(struct task *task)
{
    const uint16_t control_word = 0x37f;
    const uint32_t mxcsr = 0x1f80;

    memset(task->fpu, 0, sizeof(task->fpu));
    memcpy(task->fpu, &control_word, sizeof(control_word));
    memcpy(task->fpu + 24, &mxcsr, sizeof(mxcsr));
    cpu_fxrstor(task->fpu);
}

static void exec_switch_memory(struct task *task, struct address_space *as)
{
    struct address_space *old = task->as;
    bool interrupts, had_user = task_is_user(task);

    task_release_vfork();
    interrupts = spin_lock_irq(&sched_lock);
    task->as = as;
    as_switch_to(as);
    spin_unlock_irq(&sched_lock, interrupts);
    if (had_user)
        as_put(old);
}

static void exec_set_name(struct task *task, const char *exe)
{
    const char *slash = strrchr(exe, '/');

    task->exe = exe;
    fmt_snprintf(task->name, sizeof(task->name), "%s", slash ? slash + 1 : exe);
}

void exec_commit(const struct exec_program *program, const char *exe)
{
    struct task *task = task_current();
    struct trap_frame *frame = task_frame(task);

    exec_switch_memory(task, program->as);
    exec_set_name(task, exe);
    exec_reset_fpu(task);
    signal_reset_caught();
    task->set_child_tid = 0;
    task->brk_start = task->brk = program->brk;
    task->fs_base = task->gs_base = 0;
    cpu_write_msr(MSR_FS_BASE, 0);
    cpu_write_msr(MSR_KERNEL_GS_BASE, 0);
    memset(frame, 0, sizeof(*frame));
    frame->rip = program->entry;
    frame->rsp = program->rsp;
    frame->cs = SEL_USER_CODE;
    frame->ss = SEL_USER_DATA;
    frame->rflags = RFLAGS_FIXED | RFLAGS_IF;
}
