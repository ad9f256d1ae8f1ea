/* Every way to break the kernel, once each; see crash.h. */
#include "kern/crash.h"

#include "arch/context.h"
#include "arch/cpu.h"
#include "arch/layout.h"
#include "arch/log.h"
#include "arch/spinlock.h"
#include "boot/image.h"
#include "kern/symbols.h"
#include "lib/panic.h"
#include "lib/string.h"
#include "pmm/pmm.h"
#include "sched/task.h"

/* Through volatile: compilers know that these are wrong. */
static void poke(uint64_t addr)
{
    volatile uint64_t *volatile p = (volatile uint64_t *)addr;

    *p = 1;
}

static void call(uint64_t addr)
{
    void (*volatile function)(void) = (void (*)(void))addr;

    function();
}

static void crash_null(void)
{
    poke(8);
}

static void crash_write_text(void)
{
    poke((uint64_t)kernel_start);
}

static void crash_write_rodata(void)
{
    poke((uint64_t)symbol_table);
}

/* The same byte of text through the direct map. */
static void crash_write_alias(void)
{
    poke((uint64_t)kernel_start - KERNEL_BASE + DIRECT_MAP_BASE);
}

static void crash_nx(void)
{
    static uint8_t code[] = { 0xc3 }; /* ret */

    call((uint64_t)code);
}

static void crash_wild(void)
{
    poke(UINT64_C(0x0badc0de00000000));
}

static volatile unsigned depth;

static void crash_recurse(void)
{
    depth++;
    call((uint64_t)crash_recurse);
    depth--;
}

static void crash_stack(void)
{
    crash_recurse();
}

/* Continue on a stack that is nowhere: the first pop faults, and so does its delivery. */
static void crash_double_fault(void)
{
    uint64_t saved;

    context_switch(&saved, KSTACK_BASE + UINT64_C(0x4000000000));
}

static void crash_triple(void)
{
    cpu_load_idt(&(struct table_pointer){ 0, 0 });
    cpu_undefined();
}

static void crash_assert(void)
{
    KASSERT(depth == UINT32_MAX);
}

static void crash_lock(void)
{
    static struct spinlock lock = SPINLOCK_INIT(LOCK_PIPE);

    spin_lock(&lock);
    spin_lock(&lock);
}

static void crash_double_free(void)
{
    paddr_t frame;

    if (pmm_alloc(0, &frame) == ERR_OK) {
        pmm_free(frame, 0);
        pmm_free(frame, 0);
    }
}

/* Debug builds find a write to a free frame when it is handed out again. */
static void crash_poison(void)
{
    paddr_t frame;

    if (pmm_alloc(0, &frame) == ERR_OK) {
        pmm_free(frame, 0);
        poke(DIRECT_MAP_BASE + frame.v + 64);
        (void)pmm_alloc(0, &frame);
    }
}

static const struct crash {
    const char *kind;
    void (*provoke)(void);
} crashes[] = {
    { "null", crash_null },
    { "write-text", crash_write_text },
    { "write-rodata", crash_write_rodata },
    { "write-alias", crash_write_alias },
    { "nx", crash_nx },
    { "wild", crash_wild },
    { "stack", crash_stack },
    { "double-fault", crash_double_fault },
    { "triple", crash_triple },
    { "undefined", cpu_undefined },
    { "assert", crash_assert },
    { "lock", crash_lock },
    { "double-free", crash_double_free },
    { "poison", crash_poison },
};

static void crash_task(void *arg)
{
    const struct crash *crash = arg;

    crash->provoke();
    panic("crash=%s did not crash", crash->kind);
}

err_t crash_start(const char *kind)
{
    struct task *task;
    err_t err;

    for (size_t i = 0; i < ARRAY_SIZE(crashes); i++) {
        if (strcmp(crashes[i].kind, kind) != 0)
            continue;
        err = task_new("crash", crash_task, (void *)&crashes[i], &task);
        if (err == ERR_OK)
            task_start(task);
        return err;
    }
    klog("boot: crash=%s is unknown", kind);
    return ERR_NOENT;
}
